// @ts-check
// A square of a picture at another size, as gaitlab/video/picture.py cuts it; tests/data/live_vectors.json holds both to
// the same numbers.

/** @import { Point } from "../shared/body.js" */
/** @import { Square } from "./crop.js" */

/** @typedef {{ rgba: ArrayLike<number>, wh: Point }} Pixels */

/**
 * Returns a square of a picture as RGB of `size` x `size`; what lies outside the picture is black.
 *
 * Bilinear sampling would skip pixels when it shrinks by more than two, so those are averaged first.
 * @param {Pixels} picture
 * @param {Square} square
 * @param {number} size
 */
export function sampledSquare(picture, { left, top, side }, size) {
  const [wide, high] = picture.wh;
  const perPixel = side / size;
  const [x0, y0] = [Math.max(Math.floor(left) - 1, 0), Math.max(Math.floor(top) - 1, 0)];
  const x1 = Math.min(Math.ceil(left + side) + 1, wide);
  const y1 = Math.min(Math.ceil(top + side) + 1, high);
  const rgb = new Int32Array(3 * size * size);
  if (x1 <= x0 || y1 <= y0) return rgb;
  const shrink = Math.max(1, Math.round(perPixel / 1.5));
  const region = averaged(picture, [x0, y0, x1, y1], shrink);
  const columns = taps(size, (left - x0) / shrink, perPixel / shrink, region.wide);
  const rows = taps(size, (top - y0) / shrink, perPixel / shrink, region.high);
  let at = 0;
  for (const [above, below, down] of rows) {
    for (const [before, after, across] of columns) {
      for (let color = 0; color < 3; color += 1) {
        const upper = region.at(before, above, color) * (1 - across) + region.at(after, above, color) * across;
        const lower = region.at(before, below, color) * (1 - across) + region.at(after, below, color) * across;
        rgb[at++] = Math.round(upper * (1 - down) + lower * down);
      }
    }
  }
  return rgb;
}

/**
 * Returns for each pixel of the result the two of the source that it lies between, and how near it is to the second.
 * @param {number} size
 * @param {number} start
 * @param {number} step
 * @param {number} length
 */
function taps(size, start, step, length) {
  return Array.from({ length: size }, (_, i) => {
    const place = start + (i + 0.5) * step - 0.5; // the middles of pixels
    const first = Math.floor(place);
    /** @param {number} index */
    const inside = (index) => (index >= 0 && index < length ? index : length); // one beyond the end is black
    return [inside(first), inside(first + 1), place - first];
  });
}

/**
 * Returns a part of the picture made smaller, each pixel the mean of a block; the last blocks are padded.
 * @param {Pixels} picture
 * @param {number[]} box
 * @param {number} shrink
 */
function averaged({ rgba, wh }, [x0, y0, x1, y1], shrink) {
  const [wide, high] = [Math.ceil((x1 - x0) / shrink), Math.ceil((y1 - y0) / shrink)];
  const pitch = wide + 1; // a black column and a black row beyond the end
  const values = new Uint8Array(3 * pitch * (high + 1));
  for (let row = 0; row < high; row += 1) {
    for (let column = 0; column < wide; column += 1) {
      const sums = [0, 0, 0];
      for (let dy = 0; dy < shrink; dy += 1) {
        const y = Math.min(y0 + row * shrink + dy, y1 - 1);
        for (let dx = 0; dx < shrink; dx += 1) {
          const from = 4 * (y * wh[0] + Math.min(x0 + column * shrink + dx, x1 - 1));
          for (let color = 0; color < 3; color += 1) sums[color] += rgba[from + color];
        }
      }
      const to = 3 * (row * pitch + column);
      for (let color = 0; color < 3; color += 1) values[to + color] = Math.round(sums[color] / (shrink * shrink));
    }
  }
  /** @type {(x: number, y: number, color: number) => number} */
  const at = (x, y, color) => values[3 * (y * pitch + x) + color];
  return { wide, high, at };
}
