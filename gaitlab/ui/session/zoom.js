// @ts-check
// The part of the picture that follows the person: of a size that fits all poses, in the middle of a short while.

import { within } from "../shared/times.js";

/** @import { Box } from "../shared/figure.js" */
/** @import { Packed } from "../shared/packed.js" */

const ROOM = 1.6;
const SMOOTHED_S = 0.5;
/** Of the height of the picture: who fills more needs no zoom (ours). */
const WORTH_SHARE = 0.7;

/**
 * Returns the window at each moment, or null where the person is large already or never seen.
 * @param {number[]} times
 * @param {Packed[]} poses x and y of each point in turn, in pixels of the clip
 * @param {[number, number] | null} image_wh
 * @returns {Box[] | null}
 */
export function followingWindows(times, poses, image_wh) {
  if (!image_wh) return null;
  const [wide, high] = image_wh;
  const boxes = poses.map(boxOf);
  const tall = boxes.flatMap((box) => (box ? [Math.max(box[3] - box[1], box[2] - box[0])] : [])).sort((a, b) => a - b);
  if (!tall.length) return null;
  const size = ROOM * tall[Math.floor(0.95 * (tall.length - 1))];
  if (size >= WORTH_SHARE * high) return null;
  const half = [((size / high) * wide) / 2, size / 2];
  return middles(times, boxes).map(([x, y]) => {
    const [cx, cy] = [within(x, half[0], wide - half[0]), within(y, half[1], high - half[1])];
    return [cx - half[0], cy - half[1], cx + half[0], cy + half[1]];
  });
}

/**
 * Returns the box around the known points of a pose; null without any.
 * @param {Packed} pose
 * @returns {Box | null}
 */
export function boxOf(pose) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < pose.length; i += 2) {
    const x = pose.at(i);
    const y = pose.at(i + 1);
    if (x !== null) {
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    if (y !== null) {
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return left <= right && top <= bottom ? [left, top, right, bottom] : null;
}

/**
 * Returns the middle of the person at each moment, averaged over half a second before and after; where nobody is seen,
 * the nearest earlier one, else the first.
 * @param {number[]} times
 * @param {(Box | null)[]} boxes
 * @returns {[number, number][]}
 */
function middles(times, boxes) {
  /** @type {[number, number][]} */
  const found = [];
  let first = 0;
  let last = 0;
  /** @type {[number, number, number]} */
  let sum = [0, 0, 0];
  /** @type {(row: number, sign: number) => void} */
  const add = (row, sign) => {
    const box = boxes[row];
    if (box) sum = [sum[0] + (sign * (box[0] + box[2])) / 2, sum[1] + (sign * (box[1] + box[3])) / 2, sum[2] + sign];
  };
  for (const time of times) {
    while (last < times.length && times[last] <= time + SMOOTHED_S) add(last++, 1);
    while (times[first] < time - SMOOTHED_S) add(first++, -1);
    found.push(sum[2] > 0 ? [sum[0] / sum[2], sum[1] / sum[2]] : (found[found.length - 1] ?? firstMiddle(boxes)));
  }
  return found;
}

/**
 * @param {(Box | null)[]} boxes
 * @returns {[number, number]}
 */
function firstMiddle(boxes) {
  const box = boxes.find((one) => one !== null) ?? [0, 0, 0, 0];
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/**
 * Returns the CSS transform, with its origin in the upper left corner, by which a window of a clip fills the element that
 * shows the whole clip as large as it fits.
 * @param {Box} window_px
 * @param {[number, number]} image_wh
 * @param {[number, number]} element size in CSS pixels
 */
export function transformTo([left, top, right, bottom], image_wh, [wide, high]) {
  const fit = Math.min(wide / image_wh[0], high / image_wh[1]);
  const scale = Math.min(wide / (right - left), high / (bottom - top)) / fit;
  /** @type {(middle: number, image: number, size: number) => number} */
  const shift = (middle, image, size) => size / 2 - ((size - image * fit) / 2 + middle * fit) * scale;
  const x = shift((left + right) / 2, image_wh[0], wide);
  const y = shift((top + bottom) / 2, image_wh[1], high);
  return `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px) scale(${scale.toFixed(4)})`;
}
