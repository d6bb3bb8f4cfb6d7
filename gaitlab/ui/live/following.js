// @ts-check
// The one person before the camera, followed as gaitlab/live/following.py and gaitlab/pose/follow.py do it;
// tests/data/live_vectors.json holds both to the same numbers.

import { boxOf, cropAround, fullSquare, nextCrop, torsoVisible } from "./crop.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Square } from "./crop.js" */

/** @typedef {{ xy: Point[], score: number[] }} Detection 17 points in pixels of the picture, and how sure each is */
/** @typedef {(square: Square) => Promise<Detection>} Look what the network says of a square of the picture */

const VISIBLE_MIN = 0.2;
const SURE_MIN = 0.3;
const BODY_FROM = 5; // nose, and from the shoulders on
const LEGS_FROM = 11;
const BODY_MIN = 6;
const LEGS_MIN = 4;
// In body extents, the diagonal of the box around what is visible.
const JUMP_MAX = 0.25;
const JUMP_MAX_PER_S = 0.5;
const SIZE_FACTOR = 1.8;
const SIZE_TIME_S = 1;
const LOST_AFTER_S = 0.4;
const COAST_MAX_S = 0.4;
const SEARCH_EVERY_S = 0.25;

/**
 * Returns whether scores show enough of a person.
 * @param {number[]} score
 */
export function isSomebody(score) {
  /** @param {(index: number) => boolean} belongs */
  const sure = (belongs) => score.filter((value, index) => belongs(index) && value >= SURE_MIN).length;
  return (
    sure((index) => index === 0 || index >= BODY_FROM) >= BODY_MIN || sure((index) => index >= LEGS_FROM) >= LEGS_MIN
  );
}

/** @param {Detection} detection */
function visibleBox({ xy, score }) {
  const visible = xy.filter((_, index) => score[index] >= VISIBLE_MIN);
  return boxOf(visible.length ? visible : xy);
}

/** @param {Detection} detection */
function extentOf(detection) {
  const [left, top, right, bottom] = visibleBox(detection);
  return Math.max(Math.hypot(right - left, bottom - top), 1);
}

/**
 * Returns how far each point visible in both moved; the middles where those are fewer than three.
 * @param {Detection} before
 * @param {Detection} after
 * @returns {Point[]}
 */
function moves(before, after) {
  const both = before.xy.flatMap((point, index) => {
    const seen = before.score[index] >= VISIBLE_MIN && after.score[index] >= VISIBLE_MIN;
    /** @type {Point[]} */
    const move = seen ? [[after.xy[index][0] - point[0], after.xy[index][1] - point[1]]] : [];
    return move;
  });
  if (both.length >= 3) return both;
  const [a, b] = [visibleBox(before), visibleBox(after)];
  return [[(b[0] + b[2] - a[0] - a[2]) / 2, (b[1] + b[3] - a[1] - a[3]) / 2]];
}

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
    const { xy, score } = this.last;
    const square = (torsoVisible(score) ? nextCrop : cropAround)(xy, score, this.wh);
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
    const [across, down] = this.expectedMove(timeS);
    const apart = moves(this.last, detection).map(([x, y]) => Math.hypot(x - across, y - down));
    const surprise = apart.reduce((sum, one) => sum + one, 0) / apart.length / this.extent;
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

/** Follows one person, and searches the whole picture when they are lost. */
export class Follower {
  constructor() {
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
    if (this.person?.isLost(timeS)) this.person = null;
    if (!this.person) this.person = await this.found(timeS, look);
    if (!this.person) return null;
    const detection = await look(this.person.square(timeS));
    if (!this.person.fits(detection, timeS)) return null;
    this.person.take(detection, timeS);
    return detection;
  }

  /**
   * @param {number} timeS
   * @param {Look} look
   */
  async found(timeS, look) {
    if (timeS - this.searchedS < SEARCH_EVERY_S) return null;
    this.searchedS = timeS;
    const detection = await look(fullSquare(this.wh));
    return isSomebody(detection.score) ? new Person(detection, timeS, this.wh) : null;
  }
}
