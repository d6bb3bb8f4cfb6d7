// @ts-check
// The crop for the next frame, as gaitlab/pose/crop.py has it; tests/data/live_vectors.json holds both to the same numbers.

/** @import { Point } from "../shared/body.js" */

/**
 * A square of the picture in pixels; it may reach beyond the edges.
 * @typedef {{ left: number, top: number, side: number }} Square
 */

const CROP_SCORE_MIN = 0.2;
const TORSO_FACTOR = 1.9;
const BODY_FACTOR = 1.2;
const VISIBLE_MIN_KEYPOINTS = 4;
export const TORSO = [5, 6, 11, 12]; // left and right shoulder, left and right hip

/**
 * Returns the smallest square around the whole picture, centred on it.
 * @param {Point} wh
 * @returns {Square}
 */
export function fullSquare([wide, high]) {
  const side = Math.max(wide, high);
  return { left: (wide - side) / 2, top: (high - side) / 2, side };
}

/**
 * Returns whether a shoulder and a hip are visible.
 * @param {number[]} score
 */
function torsoVisible(score) {
  const [leftShoulder, rightShoulder, leftHip, rightHip] = TORSO.map((index) => score[index] > CROP_SCORE_MIN);
  return (leftShoulder || rightShoulder) && (leftHip || rightHip);
}

/**
 * Returns the square in which to search for the person next: around the hips, as far as torso and body reach.
 * @param {Point[]} xy
 * @param {number[]} score
 * @param {Point} wh
 */
export function nextCrop(xy, score, wh) {
  if (!torsoVisible(score) || !xy.flat().every(Number.isFinite)) return fullSquare(wh);
  const [wide, high] = wh;
  const [, , leftHip, rightHip] = TORSO.map((index) => xy[index]);
  const [x, y] = [(leftHip[0] + rightHip[0]) / 2, (leftHip[1] + rightHip[1]) / 2];
  /** @param {Point} point */
  const reach = (point) => Math.max(Math.abs(point[0] - x), Math.abs(point[1] - y));
  const torso = Math.max(...TORSO.map((index) => reach(xy[index])));
  const body = Math.max(...xy.filter((_, index) => score[index] > CROP_SCORE_MIN).map(reach));
  const toEdge = Math.max(x, wide - x, y, high - y);
  const half = Math.min(Math.max(TORSO_FACTOR * torso, BODY_FACTOR * body), toEdge);
  if (half > Math.max(wide, high) / 2 || half <= 0) return fullSquare(wh);
  return { left: x - half, top: y - half, side: 2 * half };
}

/**
 * Returns a square around the visible keypoints, for people whose torso is hidden.
 * @param {Point[]} xy
 * @param {number[]} score
 * @param {Point} wh
 */
export function cropAround(xy, score, wh) {
  const visible = xy.filter((_, index) => score[index] > CROP_SCORE_MIN);
  if (visible.length < VISIBLE_MIN_KEYPOINTS) return fullSquare(wh);
  const [left, top, right, bottom] = boxOf(visible);
  const side = BODY_FACTOR * Math.max(right - left, bottom - top);
  if (!(side > 0 && side <= Math.max(...wh))) return fullSquare(wh);
  return { left: (left + right - side) / 2, top: (top + bottom - side) / 2, side };
}

/**
 * Returns the square in which to search for somebody next, by what is seen of them.
 * @param {Point[]} xy
 * @param {number[]} score
 * @param {Point} wh
 */
export function cropFor(xy, score, wh) {
  return (torsoVisible(score) ? nextCrop : cropAround)(xy, score, wh);
}

/**
 * Returns left, top, right and bottom of points.
 * @param {Point[]} points at least one
 */
export function boxOf(points) {
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
