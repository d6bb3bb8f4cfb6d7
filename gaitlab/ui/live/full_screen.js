// @ts-check
// The whole screen for one element; where a browser has no full screen for it, as on an iPhone, the whole window.

export class FullScreen {
  /**
   * @param {HTMLElement} element gets the class `large`
   * @param {HTMLButtonElement} button
   */
  constructor(element, button) {
    this.element = element;
    this.button = button;
    this.onChange = () => this.show(this.isFull);
    /** @param {KeyboardEvent} event */
    this.onKey = (event) => {
      if (event.key === "Escape" && !this.isFull) this.show(false);
    };
    button.addEventListener("click", () => this.toggle());
    element.addEventListener("fullscreenchange", this.onChange);
    document.addEventListener("keydown", this.onKey);
  }

  get isFull() {
    const root = this.element.getRootNode();
    return (root instanceof ShadowRoot ? root : document).fullscreenElement === this.element;
  }

  async toggle() {
    if (this.isFull) await document.exitFullscreen();
    else if (this.element.classList.contains("large")) this.show(false);
    else {
      const isTaken = await this.element.requestFullscreen?.().then(
        () => true,
        () => false,
      );
      if (!isTaken) this.show(true);
    }
  }

  /** @param {boolean} isLarge */
  show(isLarge) {
    this.element.classList.toggle("large", isLarge);
    this.button.textContent = isLarge ? "Leave full screen" : "Full screen";
  }

  close() {
    document.removeEventListener("keydown", this.onKey);
    if (this.isFull) document.exitFullscreen();
  }
}
