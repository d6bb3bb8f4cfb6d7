// @ts-check
// Heel strikes as they are seen, for a sound at each: a foot lands where the ankles are farthest apart along the way, which
// is known as soon as they come together again. The report measures them with the frames after them; this is for the ear.

import { betweenBoth, HIPS, SHOULDERS } from "./in_sight.js";

/** @import { Points } from "./drawing.js" */

const ANKLES = [15, 16];
const APART_MIN = 0.35; // of the trunk: feet that are less apart are not seen from the side, or do not walk (ours)
const BACK_SHARE = 0.05; // of how far they were apart (ours)
const STEP_MIN_MS = 250; // nobody steps quicker (ours)

/** Which ankle is farther to the right of the picture. @typedef {"left" | "right"} Foot */

export class HeelStrikes {
  constructor() {
    /** How far the left ankle is right of the right one at most since they passed, in trunks; the sign is the side. */
    this.most = 0;
    this.isTold = true;
    this.toldMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * Returns the foot that is in front on the right side of the picture when a foot has landed, else null.
   * @param {Points | null} points
   * @param {number} aspect width of the picture / its height
   * @param {number} nowMs
   * @returns {Foot | null}
   */
  see(points, aspect, nowMs) {
    const apart = points && anklesApart(points, aspect);
    if (apart === null) return null;
    if (apart * this.most <= 0) {
      this.most = apart;
      this.isTold = false;
    } else if (Math.abs(apart) > Math.abs(this.most)) this.most = apart;
    if (this.isTold || Math.abs(this.most) < APART_MIN) return null;
    if (Math.abs(apart) > (1 - BACK_SHARE) * Math.abs(this.most)) return null;
    this.isTold = true;
    if (nowMs - this.toldMs < STEP_MIN_MS) return null;
    this.toldMs = nowMs;
    return this.most > 0 ? "left" : "right";
  }
}

/**
 * Returns how far the left ankle is to the right of the right one, in trunks; null where that is not seen.
 * @param {Points} points
 * @param {number} aspect
 */
export function anklesApart(points, aspect) {
  const [left, right] = ANKLES.map((joint) => points[joint]);
  const [shoulders, hips] = [SHOULDERS, HIPS].map((joints) => betweenBoth(points, joints));
  if (!left || !right || !shoulders || !hips) return null;
  const trunk = Math.hypot((hips[0] - shoulders[0]) * aspect, hips[1] - shoulders[1]);
  return trunk > 0 ? ((left[0] - right[0]) * aspect) / trunk : null;
}
