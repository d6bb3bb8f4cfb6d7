// @ts-check
// Where a curve and its scales lie.

const TICKS = 5;
/** A curve of more than this, about a hundred steps, is a blot, and its marks are too narrow to be taken hold of (ours). */
const WHOLE_MAX_S = 60;
const PAGE_S = 30;

/**
 * Returns round values between two limits, about five unless told otherwise.
 * @param {number} low
 * @param {number} high
 * @param {number} [count]
 */
export function ticks(low, high, count = TICKS) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5].map((s) => s * power).find((s) => s >= raw) ?? 10 * power;
  const values = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9; k += 1) values.push(k * step);
  return values;
}

/**
 * Returns the limits of the scale: all values and some room, and never less than the smallest span.
 * @param {(number | null)[]} values
 * @param {number} spanMin
 * @returns {[number, number]}
 */
export function scaleOf(values, spanMin) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const pad = Math.max((spanMin - (high - low)) / 2, 0.05 * (high - low));
  return [low - pad, high + pad];
}

/**
 * Returns the stretch of time that the chart shows at a moment: all of a short clip, else the page with that moment.
 * @param {number} time
 * @param {number} first
 * @param {number} last
 * @returns {[from: number, to: number]}
 */
export function pageOf(time, first, last) {
  if (last - first <= WHOLE_MAX_S) return [first, last];
  const from = first + PAGE_S * Math.floor((time - first) / PAGE_S);
  return from + PAGE_S < last ? [from, from + PAGE_S] : [last - PAGE_S, last];
}

/**
 * Returns a line as the `d` of an SVG path; an unknown value is a gap. Where several values fall on one column of the
 * screen, the first, the lowest, the highest and the last of them are drawn, which looks the same.
 * @param {(number | null)[]} values
 * @param {(index: number) => number} xOf
 * @param {(value: number) => number} yOf
 */
export function linePath(values, xOf, yOf) {
  let path = "";
  let pen = "M";
  /** @param {number} i */
  const draw = (i) => {
    path += `${pen}${xOf(i).toFixed(1)} ${yOf(Number(values[i])).toFixed(1)}`;
    pen = "L";
  };
  let first = 0;
  while (first < values.length) {
    if (values[first] === null) {
      pen = "M";
      first += 1;
      continue;
    }
    const column = Math.floor(xOf(first));
    let end = first + 1;
    while (end < values.length && values[end] !== null && Math.floor(xOf(end)) === column) end += 1;
    for (const i of drawnOf(values, first, end)) draw(i);
    first = end;
  }
  return path;
}

/**
 * Returns which values of a column are drawn, in order.
 * @param {(number | null)[]} values known from the first to before the end
 * @param {number} first
 * @param {number} end
 */
function drawnOf(values, first, end) {
  let [low, high] = [first, first];
  for (let i = first; i < end; i += 1) {
    if (Number(values[i]) < Number(values[low])) low = i;
    if (Number(values[i]) > Number(values[high])) high = i;
  }
  return [...new Set([first, Math.min(low, high), Math.max(low, high), end - 1])];
}
