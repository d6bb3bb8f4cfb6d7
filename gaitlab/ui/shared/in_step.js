// @ts-check
// Movements that run in step: each takes as long as the mean of all of them.

import { within } from "./times.js";

const LEG_MIN_S = 0.1;

/**
 * Returns how fast a clip runs between two events, so that the leg takes as long as it should.
 * @param {number} ownS how long the leg takes in the clip
 * @param {number} wantedS
 */
export function rateFor(ownS, wantedS) {
  return within(ownS / wantedS, 0.1, 8); // what browsers can play
}

/**
 * Returns how long a leg of several movements takes when they run in step: the mean of all, and never nothing.
 * @param {number[][]} knots events of each, as many, in seconds
 * @param {number} leg the one after that event
 */
export function legInStepS(knots, leg) {
  const lengths = knots.map((at) => at[leg + 1] - at[leg]);
  return Math.max(lengths.reduce((sum, length) => sum + length, 0) / lengths.length, LEG_MIN_S);
}
