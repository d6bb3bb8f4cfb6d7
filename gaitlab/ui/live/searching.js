// @ts-check
// Who is followed: whom the network turns to by itself, or whom somebody pointed at, as gaitlab/live/following.py chooses.

import { fullSquare } from "./crop.js";
import { isSomebody, middleOf, visibleBox } from "./detection.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Detection, Look } from "./detection.js" */

// Sides of the squares around a place, in longer sides of the picture: people are near and far (ours).
const SIDES = [1, 0.7, 0.5, 0.35, 0.25];

/**
 * Returns whom a network for one person sees in the whole picture: somebody large and near the middle; null for nobody.
 * @param {Point} wh
 * @param {Look} look
 */
export async function somebodyIn(wh, look) {
  const found = await look(fullSquare(wh));
  return isSomebody(found.score) ? found : null;
}

/**
 * Returns whom a network for one person sees around a place; it turns to those in the middle of a square.
 * @param {Point} at as shares of the picture's width and height
 * @param {Point} wh
 * @param {Look} look
 */
export async function peopleAt(at, wh, look) {
  const [x, y] = [at[0] * wh[0], at[1] * wh[1]];
  const people = [];
  for (const share of SIDES) {
    const side = share * Math.max(...wh);
    const found = await look({ left: x - side / 2, top: y - side / 2, side });
    if (isSomebody(found.score)) people.push(found);
  }
  return people;
}

/**
 * Returns who is nearest to a place: of several whose boxes hold it, whose middle is; null of nobody.
 * @param {Detection[]} people
 * @param {Point} at as shares of the picture's width and height
 * @param {Point} wh
 */
export function nearestTo(people, at, wh) {
  const [x, y] = [at[0] * wh[0], at[1] * wh[1]];
  /** @param {Detection} one */
  const outside = (one) => {
    const [left, top, right, bottom] = visibleBox(one);
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  };
  /** @param {Detection} one */
  const fromMiddle = (one) => Math.hypot(middleOf(one)[0] - x, middleOf(one)[1] - y);
  const sorted = [...people].sort((a, b) => outside(a) - outside(b) || fromMiddle(a) - fromMiddle(b));
  return sorted[0] ?? null;
}
