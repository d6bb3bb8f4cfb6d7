// @ts-check
// Sets and rests: a state machine that knows no page and no clock. It is told what is seen, the count of the server and
// the time, and tells what happens.

import { Held } from "./held.js";

/** @import { TempoPart } from "./tempo.js" */

/**
 * @typedef {object} Plan
 * @property {number} sets
 * @property {number} repetitions of each set
 * @property {number} rest_s
 * @property {TempoPart[] | null} [tempo]
 * @property {number | null} [item] its place in the programme of the person
 * @property {string | null} [name] of the exercise
 * @property {string | null} [next] what comes after it in the programme
 * @property {Record<string, number> | null} [range] by side: where the band to reach begins; null for a full repetition
 */

/**
 * What happens. `n` is the count of the set.
 * @typedef {{ kind: "start", set: number } | { kind: "count", n: number } | { kind: "end", set: number, n: number }
 *   | { kind: "soon", left_s: number } | { kind: "over", set: number } | { kind: "done", n: number, total: number }
 *   | { kind: "next" } } Happening
 */

/** @typedef {"ready" | "set" | "rest" | "done"} Phase */

const IN_POSITION_MS = 2000;
const HAND_MS = 1500;
const AWAY_MS = 10000;
const GRACE_MS = 400; // a joint is now and then missed for some frames (ours)
const SOON_S = 3;
const REPORT_TELLS = "Whether that is a change, the report of the saved session tells.";

export class Coach {
  /** @param {Plan} plan */
  constructor(plan) {
    this.plan = plan;
    /** @type {Phase} */
    this.phase = "ready";
    /** @type {number[]} the counts of the sets that are over */
    this.done = [];
    this.count = 0;
    this.total = 0; // the server's count since the camera was started
    this.base = 0; // what it was when the set began
    this.toldCount = 0;
    this.restUntilMs = 0;
    this.toldLeftS = 0;
    this.hand = new Held(HAND_MS, GRACE_MS);
    this.position = new Held(IN_POSITION_MS, GRACE_MS);
    this.away = new Held(AWAY_MS);
  }

  /** The number of the set that is under way, or comes next. */
  get set() {
    return Math.min(this.done.length + 1, this.plan.sets);
  }

  /**
   * What is left of the rest, in whole seconds.
   * @param {number} nowMs
   */
  leftS(nowMs) {
    return Math.max(0, Math.ceil((this.restUntilMs - nowMs) / 1000));
  }

  /**
   * Takes what is seen in a frame.
   * @param {{ inSight: boolean, handRaised: boolean }} seen
   * @param {number} nowMs
   * @returns {Happening[]}
   */
  see({ inSight, handRaised }, nowMs) {
    if (this.hand.update(handRaised, nowMs)) return this.go(nowMs);
    if (this.phase === "ready" && this.position.update(inSight, nowMs)) return this.startSet();
    if (this.phase === "set" && this.away.update(!inSight, nowMs)) return this.leaveSet(nowMs);
    return [];
  }

  /**
   * Takes the count of the server.
   * @param {number} total
   * @param {number} nowMs
   * @returns {Happening[]}
   */
  hear(total, nowMs) {
    this.total = total;
    if (this.phase !== "set") return [];
    this.base = Math.min(this.base, total); // one of before the set was taken back
    this.count = total - this.base;
    if (this.count >= this.plan.repetitions) return this.endSet(nowMs);
    if (this.count <= this.toldCount) return [];
    this.toldCount = this.count;
    return [{ kind: "count", n: this.count }];
  }

  /** The server counts from 0 again: another person is followed. */
  countAnew() {
    this.total = this.base = this.count = this.toldCount = 0;
  }

  /**
   * Takes the time.
   * @param {number} nowMs
   * @returns {Happening[]}
   */
  tick(nowMs) {
    if (this.phase !== "rest") return [];
    const leftS = this.leftS(nowMs);
    if (leftS === 0) return this.endRest();
    if (leftS > SOON_S || leftS === this.toldLeftS) return [];
    this.toldLeftS = leftS;
    return [{ kind: "soon", left_s: leftS }];
  }

  /**
   * Goes on to what comes next: by the button, or a raised hand.
   * @param {number} nowMs
   * @returns {Happening[]}
   */
  go(nowMs) {
    if (this.phase === "set") return this.endSet(nowMs);
    if (this.phase === "done" && this.plan.next) return [{ kind: "next" }];
    if (this.phase === "done") this.done = [];
    return this.startSet();
  }

  /** @returns {Happening[]} */
  startSet() {
    this.phase = "set";
    this.base = this.total;
    this.count = 0;
    this.toldCount = 0;
    this.away = new Held(AWAY_MS);
    return [{ kind: "start", set: this.set }];
  }

  /**
   * The person went away: what was done counts; where nothing was, the set waits.
   * @param {number} nowMs
   * @returns {Happening[]}
   */
  leaveSet(nowMs) {
    if (this.count > 0) return this.endSet(nowMs);
    this.waitForPosition();
    return [];
  }

  /**
   * @param {number} nowMs
   * @returns {Happening[]}
   */
  endSet(nowMs) {
    const [set, n] = [this.set, this.count];
    this.done.push(n);
    if (this.done.length === this.plan.sets) {
      this.phase = "done";
      return [{ kind: "done", n, total: this.done.reduce((sum, one) => sum + one, 0) }];
    }
    this.phase = "rest";
    this.restUntilMs = nowMs + 1000 * this.plan.rest_s;
    this.toldLeftS = 0;
    return [{ kind: "end", set, n }];
  }

  /** @returns {Happening[]} */
  endRest() {
    this.waitForPosition();
    return [{ kind: "over", set: this.set }];
  }

  waitForPosition() {
    this.phase = "ready";
    this.position = new Held(IN_POSITION_MS, GRACE_MS);
  }
}

/**
 * Returns what happens in words.
 * @param {Exclude<Happening, { kind: "next" }>} happening
 * @param {Plan} plan
 */
export function happeningWords(happening, { sets, rest_s: restS }) {
  switch (happening.kind) {
    case "start":
      return `Set ${happening.set} of ${sets}: go.`;
    case "count":
      return String(happening.n);
    case "end":
      return `${happening.n}. Set ${happening.set} of ${sets} is done. Rest for ${secondsWords(restS)}.`;
    case "soon":
      return String(happening.left_s);
    case "over":
      return `The rest is over. Set ${happening.set} of ${sets} begins when you are in position.`;
    case "done":
      return `${happening.n}. All is done: ${setsWords(sets)}, ${happening.total} in all.`;
  }
}

/**
 * Returns what else there is to say when all sets are done, in sentences.
 * @param {Plan} plan
 * @param {string | null} last what was done the last time
 * @param {readonly string[]} finished the exercises of the programme that are done, with their repetitions
 */
export function summary({ next }, last, finished) {
  const sentences = [];
  if (last) sentences.push(`${last} ${REPORT_TELLS}`);
  if (next) sentences.push(`Next: ${next}.`);
  else if (finished.length > 1) sentences.push(`The programme is done: ${finished.join(", ")}.`);
  return sentences;
}

/** @param {number} seconds */
function secondsWords(seconds) {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  const parts = [];
  if (minutes > 0) parts.push(minutes === 1 ? "1 minute" : `${minutes} minutes`);
  if (rest > 0 || minutes === 0) parts.push(rest === 1 ? "1 second" : `${rest} seconds`);
  return parts.join(" ");
}

/** @param {number} repetitions */
export function repetitionsWords(repetitions) {
  return repetitions === 1 ? "1 repetition" : `${repetitions} repetitions`;
}

/** @param {number} sets */
export function setsWords(sets) {
  return sets === 1 ? "1 set" : `${sets} sets`;
}
