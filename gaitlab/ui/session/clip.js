// What a clip is told; one module with `player.js`, which comes before it.

// One seek at a time: while a clip is on its way, only the newest wish is kept.
class Seeker {
  constructor(video) {
    this.video = video;
    this.wanted = null;
    for (const event of ["seeked", "loadeddata"]) video.addEventListener(event, () => this.go());
  }

  get arrived() { return this.wanted === null && !this.video.seeking; }

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

function unload(video) {
  if (!video.hasAttribute("src")) return;
  video.removeAttribute("src");
  video.load();
}

