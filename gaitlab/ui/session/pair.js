// The repetition done best and the one done worst, side by side and in step: start, turning point and end fall together.
// Each is its own stretch of the clip, or a stick figure. One module with `player.js`, which comes before it.

const REST_MS = 600; // between two laps, so that the end is seen
const PART_MIN_S = 0.1;

class Pair {
  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.sides = [...root.querySelectorAll("figure")].map((figure) => {
      const video = figure.querySelector("video");
      return { figure, video, canvas: figure.querySelector("canvas"), seeker: new Seeker(video) };
    });
    this.button = root.querySelector(".pair-play");
    this.slider = root.querySelector(".pair-share");
    this.share = Number(this.slider.value);
    this.playing = false;
    this.lap = null; // "to start", "running", "resting"
    this.started = false;
    this.intersects = false;
    this.mayLoad = false;
    this.goesOnInView = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.button.addEventListener("click", () => { this.goesOnInView = !this.playing; if (this.playing) this.pause(); else this.play(); });
    this.slider.addEventListener("input", () => { this.goesOnInView = false; this.pause(); this.go(Number(this.slider.value)); });
    for (const { video } of this.sides) video.addEventListener("error", () => { if (video.hasAttribute("src")) this.showStick(true); });
    this.seen = new IntersectionObserver(([entry]) => { this.intersects = entry.isIntersecting; this.comeOrGo(); }, { threshold: 0.25 });
    this.seen.observe(root);
    this.onHide = () => this.comeOrGo();
    document.addEventListener("visibilitychange", this.onHide);
  }

  close() {
    this.seen.disconnect();
    document.removeEventListener("visibilitychange", this.onHide);
    for (const { video } of this.sides) unload(video);
  }

  get asStick() { return this.player.asStick; }

  fill(data) {
    this.data = data;
    this.root.hidden = !data.pair.length;
    this.pause();
    if (!data.pair.length) return;
    this.window = this.windowOf(data);
    const [left, top, right, bottom] = this.window;
    const [wide, high] = [right - left, bottom - top];
    this.root.style.setProperty("--ratio", wide / high);
    data.pair.forEach((rep, i) => {
      const { figure, video, canvas } = this.sides[i];
      if (data.image_wh) video.style.width = `${(100 * data.image_wh[0]) / wide}%`;
      video.style.left = `${(-100 * left) / wide}%`;
      video.style.top = `${(-100 * top) / high}%`;
      video.setAttribute("aria-label", `Clip, ${rep.label}`);
      canvas.setAttribute("aria-label", `Stick figure, ${rep.label}`);
      figure.querySelector("strong").textContent = rep.label;
      figure.querySelector(".why").textContent = rep.why;
    });
    this.showStick(this.asStick);
    this.comeOrGo();
  }

  // The part of the picture where the person moves: on a phone the whole picture would be too small to see anything.
  windowOf({ box: [left, top, right, bottom], image_wh: wh }) {
    return wh ? [Math.max(left, 0), Math.max(top, 0), Math.min(right, wh[0]), Math.min(bottom, wh[1])] : [left, top, right, bottom];
  }

  // Nothing moves or is loaded that nobody looks at.
  comeOrGo() {
    const isSeen = this.intersects && !document.hidden;
    this.mayLoad ||= isSeen;
    if (!isSeen) this.pause();
    else if (this.goesOnInView) this.play();
    else this.go(this.share);
  }

  showStick(asStick) {
    this.sticks = asStick || !this.data?.src || !this.data.image_wh;
    for (const { video, canvas } of this.sides) {
      video.hidden = this.sticks;
      canvas.hidden = !this.sticks;
      if (this.sticks) unload(video);
    }
    this.lap = "to start";
    this.go(this.share);
  }

  load() {
    for (const { video } of this.sides) {
      if (!this.sticks && this.mayLoad && video.getAttribute("src") !== this.data.src) video.src = this.data.src;
    }
  }

  // -- time: half of the share is the way to the turning point, half the way back

  knots(rep) { return [rep.start_s, rep.turn_s, rep.end_s].map((time) => this.player.toFile(time)); }

  // How long a part takes: the mean of both, in the time of the file.
  partS(part) {
    const lengths = this.data.pair.map((rep) => { const at = this.knots(rep); return at[part + 1] - at[part]; });
    return Math.max((lengths[0] + lengths[1]) / 2, PART_MIN_S);
  }

  play() {
    if (!this.data?.pair.length) return;
    this.playing = true;
    this.mayLoad = true;
    this.lap = "to start";
    this.go(this.started && this.share < 1 ? this.share : 0);
    this.started = true;
    this.showPlaying();
  }

  pause() {
    this.playing = false;
    for (const { video } of this.sides) video.pause();
    this.showPlaying();
  }

  showPlaying() {
    this.button.textContent = this.playing ? "❚❚" : "▶";
    this.button.setAttribute("aria-label", this.playing ? "Pause both repetitions" : "Play both repetitions");
  }

  go(share) {
    if (!this.data?.pair.length) return;
    this.load();
    this.show(share);
    if (!this.sticks) this.data.pair.forEach((rep, i) => this.sides[i].seeker.to(between([0, 0.5, 1], this.knots(rep), share)));
  }

  show(share) {
    this.share = share;
    this.slider.value = share;
    const part = share < 0.5 ? "on the way there" : share > 0.5 ? "on the way back" : "at the turning point";
    this.slider.setAttribute("aria-valuetext", `${Math.round(100 * share)} percent, ${part}`);
    this.draw();
  }

  draw() {
    if (!this.sticks || !this.data?.pair.length) return;
    this.data.pair.forEach((rep, i) => {
      const time = between([0, 0.5, 1], [rep.start_s, rep.turn_s, rep.end_s], this.share);
      this.player.drawFigure(this.sides[i].canvas, time, this.window);
    });
  }

  tick(now, passedMs) {
    if (!this.playing) return;
    if (this.lap === "resting") {
      if (now - this.since > REST_MS) { this.lap = "to start"; this.go(0); }
    } else if (this.lap === "to start") {
      if (this.sticks || this.sides.every(({ video, seeker }) => seeker.arrived && video.readyState >= 2)) this.run();
    } else if (this.sticks ? this.advanceFigures(passedMs) : this.advanceClips()) {
      this.lap = "resting";
      this.since = now;
    }
  }

  run() {
    this.lap = "running";
    if (this.sticks) return;
    for (const { video } of this.sides) video.play().catch((error) => { if (error.name === "NotAllowedError") this.pause(); });
  }

  // Both return whether the lap is over.

  advanceFigures(passedMs) {
    const step = passedMs / 1000 / this.partS(this.share < 0.5 ? 0 : 1) / 2;
    this.show(Math.min(this.share + step, 1));
    return this.share >= 1;
  }

  advanceClips() {
    const shares = this.data.pair.map((rep, i) => {
      const { video } = this.sides[i];
      const at = this.knots(rep);
      const part = video.currentTime < at[1] ? 0 : 1;
      const rate = Math.min(Math.max((at[part + 1] - at[part]) / this.partS(part), 0.1), 8);
      if (video.playbackRate !== rate) video.playbackRate = rate;
      const share = video.ended ? 1 : Math.min(Math.max(between(at, [0, 0.5, 1], video.currentTime), 0), 1);
      if (share >= 1) video.pause();
      return share;
    });
    this.show(Math.min(...shares));
    return this.share >= 1;
  }
}
