// @ts-check
// A metronome for walking: the person's measured cadence, and some percent more or less; heard and seen.

import { part } from "../shared/component.js";
import { Sounds } from "./sounds.js";

const STEP_PERCENT = 5;
const PERCENT_MAX = 30;
const LOOK_MS = 100;
const AHEAD_S = 0.3; // sounds are given to the browser so much before their time: timers are not punctual
const BEAT_HZ = 1000;
const BEAT_S = 0.06;

/** The times of beats at a rate that may change; a change keeps the last beat where it was. */
export class Beats {
  /**
   * @param {number} perMin
   * @param {number} firstS
   */
  constructor(perMin, firstS) {
    this.perMin = perMin;
    this.firstS = firstS;
    /** @type {number | null} */
    this.lastS = null;
  }

  get nextS() {
    return this.lastS === null ? this.firstS : this.lastS + 60 / this.perMin;
  }

  /**
   * Returns the beats from now until a moment, each once; those that were missed are passed over.
   * @param {number} nowS
   * @param {number} untilS
   */
  due(nowS, untilS) {
    const found = [];
    while (this.nextS <= untilS) {
      this.lastS = this.nextS;
      if (this.lastS >= nowS) found.push(this.lastS);
    }
    return found;
  }
}

export class Metronome {
  /** @param {HTMLElement} root */
  constructor(root) {
    /** @param {string} selector */
    const button = (selector) => part(root, selector, HTMLButtonElement);
    this.parts = {
      controls: part(root, ".metronome", HTMLElement),
      rate: part(root, ".rate", HTMLElement),
      pulse: part(root, ".beats", HTMLElement),
      beat: button(".beat"),
      slower: button(".slower"),
      faster: button(".faster"),
    };
    this.sounds = new Sounds();
    /** @type {number | null} the newest measured cadence, in steps a minute */
    this.cadence = null;
    this.base = 0; // the cadence when it was started: a metronome that follows the person leads nobody
    this.percent = 0;
    /** @type {Beats | null} while it is on */
    this.beats = null;
    this.timer = 0;
    const { beat, slower, faster } = this.parts;
    beat.addEventListener("click", () => (this.beats ? this.stop() : this.start()));
    slower.addEventListener("click", () => this.change(-STEP_PERCENT));
    faster.addEventListener("click", () => this.change(STEP_PERCENT));
  }

  get perMin() {
    return rateOf(this.base, this.percent);
  }

  /** @param {number | null} cadence measured last; null where it cannot be told now */
  hear(cadence) {
    if (cadence === null) return;
    this.cadence = cadence;
    this.show();
  }

  start() {
    if (this.cadence === null) return;
    this.base = this.cadence;
    this.sounds.turn(true);
    this.beats = new Beats(this.perMin, this.sounds.nowS + AHEAD_S);
    clearInterval(this.timer);
    this.timer = window.setInterval(() => this.tick(), LOOK_MS);
    this.show();
  }

  stop() {
    clearInterval(this.timer);
    this.beats = null;
    this.sounds.turn(false);
    this.show();
  }

  /** The camera is off: what was measured is an old one. */
  end() {
    this.cadence = null;
    this.stop();
  }

  /** @param {number} percent */
  change(percent) {
    this.percent = Math.min(Math.max(this.percent + percent, -PERCENT_MAX), PERCENT_MAX);
    if (this.beats) this.beats.perMin = this.perMin;
    this.show();
  }

  tick() {
    const nowS = this.sounds.nowS;
    for (const beatS of this.beats?.due(nowS, nowS + AHEAD_S) ?? []) {
      const inS = beatS - nowS;
      this.sounds.play([{ hz: BEAT_HZ, atS: inS, forS: BEAT_S }]);
      setTimeout(() => flash(this.parts.pulse), 1000 * inS);
    }
  }

  show() {
    const { controls, beat, pulse, rate, slower, faster } = this.parts;
    const isOn = this.beats !== null;
    controls.hidden = this.cadence === null;
    pulse.hidden = !isOn;
    beat.setAttribute("aria-pressed", String(isOn));
    slower.disabled = this.percent <= -PERCENT_MAX;
    faster.disabled = this.percent >= PERCENT_MAX;
    const words = rateWords(isOn ? this.base : (this.cadence ?? 0), this.percent);
    if (rate.textContent !== words) rate.textContent = words;
  }
}

/** @param {HTMLElement} dot */
export function flash(dot) {
  dot.classList.remove("beating");
  void dot.offsetWidth; // so that the animation begins anew
  dot.classList.add("beating");
}

/**
 * Returns a cadence and some percent of it, as whole steps a minute.
 * @param {number} cadence
 * @param {number} percent
 */
export function rateOf(cadence, percent) {
  return Math.round(cadence * (1 + percent / 100));
}

/**
 * @param {number} cadence
 * @param {number} percent
 */
export function rateWords(cadence, percent) {
  const more = percent === 0 ? "your cadence" : `your cadence ${percent > 0 ? "+" : "−"} ${Math.abs(percent)} %`;
  return `${rateOf(cadence, percent)} a minute: ${more}`;
}
