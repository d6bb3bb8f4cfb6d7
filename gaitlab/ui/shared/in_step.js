// @ts-check
// Movements that run in step: each takes as long as the mean of all of them.

import { fitted } from "./figure.js";
import { within } from "./times.js";

/** @import { Box } from "./figure.js" */
/** @typedef {{ from_px: [number, number], to_px: [number, number], px_per_unit: number, mirrored: boolean }} Place where the middle of the hips is at the start and at the end of a movement in the clip, and its scale */

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

/**
 * Returns the middle of the picture's way with the person: a straight line, so that what the hips do is still seen.
 * @param {Place} place
 * @param {number} share
 * @returns {[x: number, y: number]}
 */
export function anchorAt({ from_px, to_px }, share) {
  return [from_px[0] + (to_px[0] - from_px[0]) * share, from_px[1] + (to_px[1] - from_px[1]) * share];
}

/**
 * Returns the `transform` of a clip in its own pixels that lays its person on the figure in a window of body heights.
 * @param {Place} place
 * @param {number} share
 * @param {Box} window in body heights, the hips at 0
 * @param {number} wide on the screen
 * @param {number} high
 */
export function clipTransform(place, share, window, wide, high) {
  const zero = fitted(window, wide, high);
  const [x, y] = anchorAt(place, share);
  const scale = zero.scale / place.px_per_unit;
  const across = place.mirrored ? -scale : scale;
  return `matrix(${across}, 0, 0, ${scale}, ${zero.x - across * x}, ${zero.y - scale * y})`;
}

/**
 * Returns how much is seen of two pictures that lie over one another, the first below.
 * @param {number} mix from 0, only the first, to 1, only the second
 * @param {boolean} asClip a clip hides what is below it, a figure does not
 * @returns {[first: number, second: number]}
 */
export function opacities(mix, asClip) {
  return [Math.min(1, 2 - 2 * mix), asClip ? mix : Math.min(1, 2 * mix)];
}

/**
 * Returns a pose between two of a movement; a point that one of them does not have is unknown.
 * @param {(number | null)[][]} poses evenly over the movement
 * @param {number} share
 */
export function poseAt(poses, share) {
  const at = within(share, 0, 1) * (poses.length - 1);
  const low = Math.min(Math.floor(at), poses.length - 2);
  const [before, after] = [poses[low], poses[low + 1]];
  return before.map((value, i) => {
    const next = after[i];
    return value === null || next === null ? null : value + (next - value) * (at - low);
  });
}
