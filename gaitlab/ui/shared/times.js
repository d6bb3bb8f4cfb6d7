// @ts-check
// Moments in lists of times; such a list only grows.

/**
 * Returns the index of the time that is nearest to a moment.
 * @param {number[]} times
 * @param {number} time
 */
export function nearest(times, time) {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle;
    else high = middle;
  }
  return time - times[low] <= times[high] - time ? low : high;
}

/**
 * Carries a value from one list to another of the same length: linear between the entries, at a slope of 1 beyond the ends.
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} value
 */
export function between(from, to, value) {
  if (!from.length) return value;
  let low = 0;
  let high = from.length - 1;
  if (value <= from[low]) return to[low] + (value - from[low]);
  if (value >= from[high]) return to[high] + (value - from[high]);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= value) low = middle;
    else high = middle;
  }
  const share = (value - from[low]) / (from[high] - from[low]);
  return to[low] + share * (to[high] - to[low]);
}

/**
 * Returns the value, or the limit that it passes.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
