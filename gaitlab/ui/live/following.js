// @ts-check
// The one person before the camera, followed as gaitlab/live/following.py and gaitlab/pose/follow.py do it;
// tests/data/live_vectors.json holds both to the same numbers.

import { cropFor, fullSquare } from "./crop.js";
import { apart, extentOf, isSomebody, moves } from "./detection.js";
import { nearestTo, peopleAt, somebodyIn } from "./searching.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Detection, Look } from "./detection.js" */

// In body extents, the diagonal of the box around what is visible.
const JUMP_MAX = 0.25;
const JUMP_MAX_PER_S = 0.5;
const SIZE_FACTOR = 1.8;
const SIZE_TIME_S = 1;
const LOST_AFTER_S = 0.4;
const COAST_MAX_S = 0.4;
const GONE_AFTER_S = 2;
const SEARCH_EVERY_S = 0.25;
const AT_TRIES = 4; // then whoever is nearest is followed: somebody may have pointed at nobody (ours)

/** @param {number[]} values */
function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** A person who is followed: the last detection, and the place and size expected next. */
export class Person {
  /**
   * @param {Detection} anchor
   * @param {number} timeS
   * @param {Point} wh
   */
  constructor(anchor, timeS, wh) {
    this.last = anchor;
    this.lastS = timeS;
    this.wh = wh;
    this.extent = extentOf(anchor);
    /** @type {Point} */
    this.velocity = [0, 0];
  }

  /**
   * @param {number} timeS
   * @returns {Point}
   */
  expectedMove(timeS) {
    const forS = Math.min(Math.max(timeS - this.lastS, -COAST_MAX_S), COAST_MAX_S);
    return [this.velocity[0] * forS, this.velocity[1] * forS];
  }

  /**
   * Returns the square in which to search for the person at that time.
   * @param {number} timeS
   */
  square(timeS) {
    const square = cropFor(this.last.xy, this.last.score, this.wh);
    const whole = fullSquare(this.wh);
    if (square.left === whole.left && square.top === whole.top && square.side === whole.side) return square;
    const [across, down] = this.expectedMove(timeS);
    return { left: square.left + across, top: square.top + down, side: square.side };
  }

  /**
   * Returns whether a detection can show this person: enough is seen, near the expected place, of about the same size.
   * @param {Detection} detection
   * @param {number} timeS
   */
  fits(detection, timeS) {
    const size = extentOf(detection) / this.extent;
    if (!isSomebody(detection.score) || size < 1 / SIZE_FACTOR || size > SIZE_FACTOR) return false;
    const surprise = apart(this.last, detection, this.expectedMove(timeS)) / this.extent;
    return surprise <= JUMP_MAX + JUMP_MAX_PER_S * Math.abs(timeS - this.lastS);
  }

  /**
   * @param {Detection} detection one that fits
   * @param {number} timeS
   */
  take(detection, timeS) {
    const stepS = timeS - this.lastS;
    if (stepS) {
      const travel = moves(this.last, detection);
      const [across, down] = [0, 1].map((axis) => medianOf(travel.map((move) => move[axis])));
      this.velocity = [0.5 * this.velocity[0] + (0.5 * across) / stepS, 0.5 * this.velocity[1] + (0.5 * down) / stepS];
      this.extent += (1 - Math.exp(-Math.abs(stepS) / SIZE_TIME_S)) * (extentOf(detection) - this.extent);
    }
    this.last = detection;
    this.lastS = timeS;
  }

  /** @param {number} timeS */
  isLost(timeS) {
    return Math.abs(timeS - this.lastS) > LOST_AFTER_S;
  }
}

/**
 * Returns the pose of a person in a frame; null when it cannot be theirs.
 * @param {Person} person
 * @param {number} timeS
 * @param {Look} look
 */
async function detected(person, timeS, look) {
  const detection = await look(person.square(timeS));
  if (!person.fits(detection, timeS)) return null;
  person.take(detection, timeS);
  return detection;
}

/** Follows one person, and searches when they are lost. */
export class Follower {
  /** @param {Point | null} [at] where the person stands who is followed first, as shares of the picture's size */
  constructor(at = null) {
    this.at = at;
    this.tries = 0;
    /** @type {Person | null} */
    this.person = null;
    /** @type {Point} */
    this.wh = [0, 0];
    this.searchedS = -Infinity;
  }

  /**
   * Returns the pose in a frame; null when nobody is seen, or when it cannot be the same person.
   * @param {number} timeS
   * @param {Point} wh
   * @param {Look} look
   */
  async follow(timeS, wh, look) {
    if (wh[0] !== this.wh[0] || wh[1] !== this.wh[1]) {
      this.person = null;
      this.wh = wh;
    }
    if (this.person && timeS - this.person.lastS <= GONE_AFTER_S) {
      const detection = await detected(this.person, timeS, look);
      if (detection || !this.person.isLost(timeS)) return detection;
    }
    this.person = await this.found(timeS, look);
    return this.person && (await detected(this.person, timeS, look));
  }

  /**
   * @param {number} timeS
   * @param {Look} look
   */
  async found(timeS, look) {
    if (timeS - this.searchedS < SEARCH_EVERY_S) return null;
    this.searchedS = timeS;
    const { at, wh } = this;
    const chosen = at ? nearestTo(await peopleAt(at, wh, look), at, wh) : await somebodyIn(wh, look);
    this.tries += 1;
    if (chosen || this.tries === AT_TRIES) this.at = null;
    return chosen && new Person(chosen, timeS, wh);
  }
}
