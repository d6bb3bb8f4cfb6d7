// @ts-check
// The repetition done best and the one done worst, side by side and in step: start, turning point and end fall together.
// Each is its own stretch of the clip, or a stick figure.

import { Seeker, unload } from "../shared/clip.js";
import { part } from "../shared/component.js";
import { seenWindow } from "../shared/figure.js";
import { legInStepS, rateFor } from "../shared/in_step.js";
import { between, within } from "../shared/times.js";

/** @import { Player } from "./player.js" */
/** @import { PairedRepetition } from "./player_data.js" */

const REST_MS = 600; // between two laps, so that the end is seen
const SHARES = [0, 0.5, 1]; // half of the share is the way to the turning point, half the way back

export class Pair {
  /**
   * @param {HTMLElement} root
   * @param {Player} player
   */
  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.sides = [...root.querySelectorAll("figure")].map((figure) => {
      const video = part(figure, "video", HTMLVideoElement);
      return { figure, video, canvas: part(figure, "canvas", HTMLCanvasElement), seeker: new Seeker(video) };
    });
    this.button = part(root, ".pair-play", HTMLButtonElement);
    this.slider = part(root, ".pair-share", HTMLInputElement);
    this.share = Number(this.slider.value);
    this.shown = player.data.box;
    this.playing = false;
    this.sticks = true;
    /** @type {"to start" | "running" | "resting"} */
    this.lap = "to start";
    this.restsSince = 0;
    this.started = false;
    this.intersects = false;
    this.mayLoad = false;
    this.goesOnInView = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.button.addEventListener("click", () => {
      this.goesOnInView = !this.playing;
      if (this.playing) this.pause();
      else this.play();
    });
    this.slider.addEventListener("input", () => {
      this.goesOnInView = false;
      this.pause();
      this.go(Number(this.slider.value));
    });
    for (const { video } of this.sides) {
      video.addEventListener("error", () => {
        if (video.hasAttribute("src")) this.showStick(true);
      });
    }
    this.seen = new IntersectionObserver(
      ([entry]) => {
        this.intersects = entry.isIntersecting;
        this.comeOrGo();
      },
      { threshold: 0.25 },
    );
    this.seen.observe(root);
    this.onHide = () => this.comeOrGo();
    document.addEventListener("visibilitychange", this.onHide);
  }

  close() {
    this.seen.disconnect();
    document.removeEventListener("visibilitychange", this.onHide);
    for (const { video } of this.sides) unload(video);
  }

  get data() {
    return this.player.data;
  }

  fill() {
    const { data } = this;
    this.root.hidden = !data.pair.length;
    this.pause();
    if (!data.pair.length) return;
    this.shown = seenWindow(data.box, data.image_wh);
    const [left, top, right, bottom] = this.shown;
    const [wide, high] = [right - left, bottom - top];
    this.root.style.setProperty("--ratio", String(wide / high));
    data.pair.forEach((rep, i) => {
      const { figure, video, canvas } = this.sides[i];
      if (data.image_wh) video.style.width = `${(100 * data.image_wh[0]) / wide}%`;
      video.style.left = `${(-100 * left) / wide}%`;
      video.style.top = `${(-100 * top) / high}%`;
      video.setAttribute("aria-label", `Clip, ${rep.label}`);
      canvas.setAttribute("aria-label", `Stick figure, ${rep.label}`);
      part(figure, "strong", HTMLElement).textContent = rep.label;
      part(figure, ".why", HTMLElement).textContent = rep.why;
    });
    this.showStick(this.player.asStick);
    this.comeOrGo();
  }

  // Nothing moves or is loaded that nobody looks at.
  comeOrGo() {
    const isSeen = this.intersects && !document.hidden;
    if (isSeen) this.mayLoad = true;
    if (!isSeen) this.pause();
    else if (this.goesOnInView) this.play();
    else this.go(this.share);
  }

  /** @param {boolean} asStick */
  showStick(asStick) {
    this.sticks = asStick || !this.data.src || !this.data.image_wh;
    for (const { video, canvas } of this.sides) {
      video.hidden = this.sticks;
      canvas.hidden = !this.sticks;
      if (this.sticks) unload(video);
    }
    this.lap = "to start";
    this.go(this.share);
  }

  load() {
    const { src } = this.data;
    if (!src || this.sticks || !this.mayLoad) return;
    for (const { video } of this.sides) {
      if (video.getAttribute("src") !== src) video.src = src;
    }
  }

  // -- time

  /**
   * Returns start, turning point and end in the time of the file.
   * @param {PairedRepetition} rep
   */
  knots(rep) {
    return [rep.start_s, rep.turn_s, rep.end_s].map((time) => this.player.toFile(time));
  }

  /** @param {number} leg */
  legS(leg) {
    return legInStepS(
      this.data.pair.map((rep) => this.knots(rep)),
      leg,
    );
  }

  play() {
    if (!this.data.pair.length) return;
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

  /** @param {number} share */
  go(share) {
    if (!this.data.pair.length) return;
    this.load();
    this.show(share);
    if (this.sticks) return;
    this.data.pair.forEach((rep, i) => {
      this.sides[i].seeker.to(between(SHARES, this.knots(rep), share));
    });
  }

  /** @param {number} share */
  show(share) {
    this.share = share;
    this.slider.value = String(share);
    const where = share < 0.5 ? "on the way there" : share > 0.5 ? "on the way back" : "at the turning point";
    this.slider.setAttribute("aria-valuetext", `${Math.round(100 * share)} percent, ${where}`);
    this.draw();
  }

  draw() {
    if (!this.sticks) return;
    this.data.pair.forEach((rep, i) => {
      const time = between(SHARES, [rep.start_s, rep.turn_s, rep.end_s], this.share);
      this.player.drawFigure(this.sides[i].canvas, time, this.shown);
    });
  }

  /**
   * @param {number} now
   * @param {number} passedMs
   */
  tick(now, passedMs) {
    if (!this.playing) return;
    if (this.lap === "resting") {
      if (now - this.restsSince > REST_MS) {
        this.lap = "to start";
        this.go(0);
      }
    } else if (this.lap === "to start") {
      if (this.sticks || this.sides.every(({ video, seeker }) => seeker.arrived && video.readyState >= 2)) this.run();
    } else if (this.sticks ? this.advanceFigures(passedMs) : this.advanceClips()) {
      this.lap = "resting";
      this.restsSince = now;
    }
  }

  run() {
    this.lap = "running";
    if (this.sticks) return;
    for (const { video } of this.sides) {
      video.play().catch((error) => {
        if (error.name === "NotAllowedError") this.pause();
      });
    }
  }

  // Both return whether the lap is over.

  /** @param {number} passedMs */
  advanceFigures(passedMs) {
    const step = passedMs / 1000 / this.legS(this.share < 0.5 ? 0 : 1) / 2;
    this.show(Math.min(this.share + step, 1));
    return this.share >= 1;
  }

  advanceClips() {
    const shares = this.data.pair.map((rep, i) => {
      const { video } = this.sides[i];
      const at = this.knots(rep);
      const leg = video.currentTime < at[1] ? 0 : 1;
      const rate = rateFor(at[leg + 1] - at[leg], this.legS(leg));
      if (video.playbackRate !== rate) video.playbackRate = rate;
      const share = video.ended ? 1 : within(between(at, SHARES, video.currentTime), 0, 1);
      if (share >= 1) video.pause();
      return share;
    });
    this.show(Math.min(...shares));
    return this.share >= 1;
  }
}
