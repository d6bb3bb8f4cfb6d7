// @ts-check
// What a clip is told.

/** One seek at a time: while a clip is on its way, only the newest wish is kept. */
export class Seeker {
  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
    /** @type {number | null} */
    this.wanted = null;
    for (const event of ["seeked", "loadeddata"]) video.addEventListener(event, () => this.go());
  }

  get arrived() {
    return this.wanted === null && !this.video.seeking;
  }

  /** @param {number} time */
  to(time) {
    this.wanted = time;
    this.go();
  }

  go() {
    const { video, wanted } = this;
    if (wanted === null || video.readyState < 1 || video.seeking) return;
    this.wanted = null;
    if (Math.abs(video.currentTime - wanted) > 0.001) video.currentTime = wanted;
  }
}

/** Knows which picture of a clip is on the screen; in browsers that cannot tell, only where the clip is. */
export class Watcher {
  /**
   * @param {HTMLVideoElement} video
   * @param {() => void} onPicture
   */
  constructor(video, onPicture) {
    this.video = video;
    this.onPicture = onPicture;
    /** @type {number | null} */
    this.shown_s = null;
    this.closed = false;
    const tells = "requestVideoFrameCallback" in HTMLVideoElement.prototype;
    if (tells) this.wait();
    else for (const kind of ["seeked", "timeupdate"]) video.addEventListener(kind, () => this.sees(video.currentTime));
  }

  close() {
    this.closed = true;
  }

  wait() {
    this.video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (!this.closed) this.wait();
      this.sees(mediaTime);
    });
  }

  /** @param {number} time in the clip */
  sees(time) {
    this.shown_s = time;
    if (!this.closed) this.onPicture();
  }
}

/** @param {HTMLVideoElement} video */
export function unload(video) {
  if (!video.hasAttribute("src")) return;
  video.removeAttribute("src");
  video.load();
}
