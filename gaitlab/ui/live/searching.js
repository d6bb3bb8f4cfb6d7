// @ts-check
// Who is followed: the nearest person, or whom somebody pointed at, as gaitlab/live/following.py chooses.

import { fullSquare } from "./crop.js";
import { extentOf, isSomebody, middleOf, visibleBox } from "./detection.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Detection, Look } from "./detection.js" */

const OFF_MIDDLE = 0.5; // so much of the way from the middle counts against the size
// Sides of the squares around a place, in longer sides of the picture: people are near and far (ours).
const SIDES = [1, 0.7, 0.5, 0.35, 0.25];

/**
 * Returns whom a network for one person sees in the whole picture: somebody large and near the middle, or nobody.
 * @param {Point} wh
 * @param {Look} look
 */
export async function peopleIn(wh, look) {
  return [await look(fullSquare(wh))].filter(({ score }) => isSomebody(score));
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
 * Returns who is nearest to the camera: the largest, and of two about as large the one nearer to the middle.
 * @param {Detection[]} people
 * @param {Point} wh
 */
export function nearest(people, wh) {
  return leastBy(people, (one) => OFF_MIDDLE * distance(middleOf(one), [wh[0] / 2, wh[1] / 2]) - extentOf(one));
}

/**
 * Returns who is nearest to a place: of several whose boxes hold it, whose middle is.
 * @param {Detection[]} people
 * @param {Point} at as shares of the picture's width and height
 * @param {Point} wh
 */
export function nearestTo(people, at, wh) {
  /** @type {Point} */
  const place = [at[0] * wh[0], at[1] * wh[1]];
  const outside = people.map((one) => outsideOf(visibleBox(one), place));
  const least = Math.min(...outside);
  return leastBy(
    people.filter((_, i) => outside[i] === least),
    (one) => distance(middleOf(one), place),
  );
}

/**
 * @param {number[]} box left, top, right and bottom
 * @param {Point} place
 */
function outsideOf([left, top, right, bottom], [x, y]) {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/**
 * @param {Detection[]} people
 * @param {(one: Detection) => number} key
 */
function leastBy(people, key) {
  const keys = people.map(key);
  return people[keys.indexOf(Math.min(...keys))] ?? null;
}
