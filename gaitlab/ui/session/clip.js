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

/** @param {HTMLVideoElement} video */
export function unload(video) {
  if (!video.hasAttribute("src")) return;
  video.removeAttribute("src");
  video.load();
}
