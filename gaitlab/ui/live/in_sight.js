// @ts-check
// What a pose tells the coach: whether the person is in position, and whether a hand is raised.

/** @import { Point } from "../shared/body.js" */
/** @import { Points } from "./drawing.js" */

const HEAD = [0, 1, 2, 3, 4];
export const SHOULDERS = [5, 6];
const WRISTS = [9, 10];
export const HIPS = [11, 12];
const OVER_HEAD_SHARE = 0.15; // of the trunk: a hand that scratches the head is not raised (ours)

/**
 * Returns whether what an exercise needs is seen: of each pair of joints one, as from the side the far one is hidden.
 * @param {Points | null} points
 * @param {number[][]} pairs
 */
export function isInSight(points, pairs) {
  return points !== null && pairs.every((pair) => pair.some((joint) => points[joint]));
}

/**
 * Returns whether somebody who stands or sits has one hand over the head, and not the other one over its shoulder: both
 * are up in many exercises.
 * @param {Points | null} points
 * @param {number} aspect width of the picture / its height
 */
export function handIsRaised(points, aspect) {
  if (points === null) return false;
  const [shoulders, hips] = [betweenBoth(points, SHOULDERS), betweenBoth(points, HIPS)];
  const head = HEAD.map((joint) => points[joint]).filter(isKnown);
  if (!shoulders || !hips || head.length === 0) return false;
  const trunk = hips[1] - shoulders[1];
  if (trunk <= Math.abs(hips[0] - shoulders[0]) * aspect) return false; // lying, or bent to the ground
  const top = Math.min(...head.map((point) => point[1])) - OVER_HEAD_SHARE * trunk;
  const heights = WRISTS.map((joint) => points[joint]?.[1] ?? null);
  return [0, 1].some((hand) => {
    const [mine, other] = [heights[hand], heights[1 - hand]];
    return mine !== null && mine < top && (other === null || other > shoulders[1]);
  });
}

/**
 * @param {Point | null | undefined} point
 * @returns {point is Point}
 */
function isKnown(point) {
  return Boolean(point);
}

/**
 * @param {Points} points
 * @param {number[]} joints
 * @returns {Point | null}
 */
export function betweenBoth(points, joints) {
  const known = joints.map((joint) => points[joint]).filter(isKnown);
  if (known.length === 0) return null;
  return [
    known.reduce((sum, point) => sum + point[0], 0) / known.length,
    known.reduce((sum, point) => sum + point[1], 0) / known.length,
  ];
}
