// @ts-check
// What the pose network says of one body.

import { boxOf } from "./crop.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Square } from "./crop.js" */

/** @typedef {{ xy: Point[], score: number[] }} Detection 17 points in pixels of the picture, and how sure each is */
/** @typedef {(square: Square) => Promise<Detection>} Look what the network says of a square of the picture */

export const VISIBLE_MIN = 0.2;
const SURE_MIN = 0.3;
const BODY_FROM = 5; // nose, and from the shoulders on
const LEGS_FROM = 11;
const BODY_MIN = 6;
const LEGS_MIN = 4;

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

/**
 * Returns left, top, right and bottom of what is visible.
 * @param {Detection} detection
 */
export function visibleBox({ xy, score }) {
  const visible = xy.filter((_, index) => score[index] >= VISIBLE_MIN);
  return boxOf(visible.length ? visible : xy);
}

/**
 * @param {Detection} detection
 * @returns {Point}
 */
export function middleOf(detection) {
  const [left, top, right, bottom] = visibleBox(detection);
  return [(left + right) / 2, (top + bottom) / 2];
}

/**
 * Returns the diagonal of the box around what is visible.
 * @param {Detection} detection
 */
export function extentOf(detection) {
  const [left, top, right, bottom] = visibleBox(detection);
  return Math.max(Math.hypot(right - left, bottom - top), 1);
}

/**
 * Returns how far each point visible in both moved; the middles where those are fewer than three.
 * @param {Detection} before
 * @param {Detection} after
 * @returns {Point[]}
 */
export function moves(before, after) {
  const both = before.xy.flatMap((point, index) => {
    const seen = before.score[index] >= VISIBLE_MIN && after.score[index] >= VISIBLE_MIN;
    /** @type {Point[]} */
    const move = seen ? [[after.xy[index][0] - point[0], after.xy[index][1] - point[1]]] : [];
    return move;
  });
  if (both.length >= 3) return both;
  const [a, b] = [middleOf(before), middleOf(after)];
  return [[b[0] - a[0], b[1] - a[1]]];
}

/**
 * Returns the mean distance of points from where they are expected.
 * @param {Detection} before
 * @param {Detection} after
 * @param {Point} move by which all are expected to have moved
 */
export function apart(before, after, [across, down]) {
  const all = moves(before, after).map(([x, y]) => Math.hypot(x - across, y - down));
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}
