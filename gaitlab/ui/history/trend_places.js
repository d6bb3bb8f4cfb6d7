// @ts-check
// Where the marks, the scales and the words of a trend chart lie. Moments are milliseconds of a clock: `getUTC…` of them
// is what that clock showed.

import { scaleOf, ticks } from "../shared/curve.js";

/** @typedef {{ session: number, at: number, when: string, value: number, said: string, low: number | null, high: number | null, is_baseline: boolean, is_sure: boolean, is_comparable: boolean }} TrendPoint */
/** @typedef {[at: number, value: number]} End */

/**
 * What `trend_chart_data` in trend_chart.py returns.
 * @typedef {object} TrendData
 * @property {string} label
 * @property {string} axis the label with the unit
 * @property {boolean} is_small
 * @property {boolean} is_counted whether there are whole values only
 * @property {string} side "both" without one
 * @property {TrendPoint[]} points the earliest first
 * @property {[mean: number, low: number, high: number] | null} band
 * @property {number | null} goal
 * @property {[End, End] | null} course
 */

/** @typedef {{ at: number, words: string, below: string }} DateTick `below` is the day or year, where it is another than before */
/** @typedef {(value: number) => number} Scale */

/** Of the largest value: smaller changes are within the error of any number, and should not look large (ours). */
const SPAN_SHARE_MIN = 0.05;
const MINUTE_MS = 60000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MONDAY_MS = 4 * DAY_MS; // 1970 began on a Thursday
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const EVEN_STEPS_MS = [
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 4, 7, 14].map((n) => n * DAY_MS),
];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/**
 * Returns the limits of the axis of values: all that is drawn, and some room.
 * @param {TrendData} data
 */
export function valueLimits({ points, band, goal, course }) {
  const values = [
    ...points.flatMap(({ value, low, high }) => [value, low, high]),
    ...(band ?? []),
    goal,
    ...(course ?? []).map(([, value]) => value),
  ];
  const largest = Math.max(...values.map((value) => Math.abs(value ?? 0)));
  return scaleOf(values, SPAN_SHARE_MIN * largest || 1);
}

/**
 * Returns round values and their words, all with the same decimals.
 * @param {[low: number, high: number]} limits
 * @param {boolean} isCounted
 * @param {number} most
 */
export function valueTicks([low, high], isCounted, most) {
  const values = ticks(low, high, most).filter((value) => !isCounted || Math.abs(value - Math.round(value)) < 1e-9);
  const step = values.length > 1 ? values[1] - values[0] : Math.abs(values[0] ?? 0) || 1;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return values.map((value) => ({ value, words: plain(value, decimals) }));
}

/**
 * @param {number} value
 * @param {number} decimals
 */
function plain(value, decimals) {
  const words = value.toFixed(decimals);
  return Number(words) === 0 ? (0).toFixed(decimals) : words.replace("-", "−");
}

/**
 * Returns the finest round moments between two, that many at most.
 * @param {number} first
 * @param {number} last
 * @param {number} most
 * @returns {DateTick[]}
 */
export function dateTicks(first, last, most) {
  for (const step of EVEN_STEPS_MS) {
    if (Math.floor((last - first) / step) > most) continue;
    const moments = evenly(first, last, step);
    if (moments.length <= most)
      return step < DAY_MS ? named(moments, clockOf, dayOf) : named(moments, shortDayOf, yearOf);
  }
  for (const step of MONTH_STEPS) {
    const moments = monthly(first, last, step);
    if (moments.length <= most) return step < 12 ? named(moments, monthOf, yearOf) : named(moments, yearOf, () => "");
  }
  return [];
}

/** @type {(first: number, last: number, step: number) => number[]} */
function evenly(first, last, step) {
  const moments = [];
  const from = MONDAY_MS + Math.ceil((first - MONDAY_MS) / step) * step;
  for (let at = from; at <= last; at += step) moments.push(at);
  return moments;
}

/** @type {(first: number, last: number, step: number) => number[]} */
function monthly(first, last, step) {
  const moments = [];
  const start = new Date(first);
  const month = 12 * start.getUTCFullYear() + start.getUTCMonth();
  for (let k = Math.floor(month / step) * step; ; k += step) {
    const at = Date.UTC(Math.floor(k / 12), k % 12);
    if (at > last) return moments;
    if (at >= first) moments.push(at);
  }
}

/** @type {(moments: number[], wordsOf: (at: Date) => string, belowOf: (at: Date) => string) => DateTick[]} */
function named(moments, wordsOf, belowOf) {
  let before = "";
  return moments.map((at) => {
    const date = new Date(at);
    const own = belowOf(date);
    const below = own === before ? "" : own;
    before = own;
    return { at, words: wordsOf(date), below };
  });
}

/** @param {Date} at */
const clockOf = (at) => at.toISOString().slice(11, 16);
/** @param {Date} at */
const monthOf = (at) => MONTHS[at.getUTCMonth()];
/** @param {Date} at */
const yearOf = (at) => String(at.getUTCFullYear());
/** @param {Date} at */
const shortDayOf = (at) => `${at.getUTCDate()} ${monthOf(at)}`;
/** @param {Date} at */
const dayOf = (at) => `${shortDayOf(at)} ${yearOf(at)}`;

/**
 * Returns the number of the place that is nearest to a point, and -1 where none is within reach.
 * @param {{ x: number, y: number }[]} places
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
export function nearestPlace(places, x, y, reach) {
  let found = -1;
  let least = reach;
  places.forEach((place, i) => {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance <= least) {
      found = i;
      least = distance;
    }
  });
  return found;
}

/**
 * Returns the `d` of a mark about 0, 0.
 * @param {boolean} isDiamond
 * @param {number} radius
 */
export function markShape(isDiamond, radius) {
  if (!isDiamond)
    return `M${-radius} 0a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0Z`;
  const wide = 1.3 * radius; // looks as large as the circle
  return `M0 ${-wide}L${wide} 0L0 ${wide}L${-wide} 0Z`;
}

/**
 * Returns the `d` of the bars of some points: a line from the low to the high end, with a short one across each end.
 * @param {TrendPoint[]} points
 * @param {Scale} xOf
 * @param {Scale} yOf
 * @param {number} half of the lines across
 */
export function barsPath(points, xOf, yOf, half) {
  let path = "";
  for (const { at, low, high } of points) {
    if (low === null || high === null) continue;
    const x = xOf(at);
    const [bottom, top] = [yOf(low).toFixed(1), yOf(high).toFixed(1)];
    const [left, right] = [(x - half).toFixed(1), (x + half).toFixed(1)];
    path += `M${left} ${top}H${right}M${left} ${bottom}H${right}M${x.toFixed(1)} ${top}V${bottom}`;
  }
  return path;
}

/**
 * Returns what is special about a session, in words; "" where it counts like any other.
 * @param {TrendPoint} point
 */
export function noteOf({ is_baseline, is_sure, is_comparable }) {
  const notes = [];
  if (!is_comparable) notes.push("filmed or measured differently");
  else if (is_baseline) notes.push("baseline session");
  if (!is_sure) notes.push("low confidence");
  return notes.join(", ");
}

/**
 * Returns the name of a mark.
 * @param {TrendPoint} point
 */
export function nameOf(point) {
  return `${[point.when, point.said, noteOf(point)].filter(Boolean).join(", ")}: open its session`;
}

/**
 * Returns the left and upper edge of a box that is near a point and within the width, above it where there is room.
 * @param {{ x: number, y: number }} place
 * @param {number} wide
 * @param {number} high
 * @param {number} width
 * @param {number} gap
 */
export function tipPlace({ x, y }, wide, high, width, gap) {
  const left = Math.max(0, Math.min(x - wide / 2, width - wide));
  return { left, top: y - gap - high >= 0 ? y - gap - high : y + gap };
}

/** @typedef {"session" | "baseline" | "other" | "unsure" | "band" | "course"} Kind */

/**
 * Returns the kinds of things that are drawn, each with its words.
 * @param {TrendData} data
 * @returns {{ kind: Kind, words: string }[]}
 */
export function kindsOf({ points, band, course }) {
  /** @type {[Kind, string, boolean][]} */
  const kinds = [
    ["session", "sessions", points.some((one) => one.is_comparable && !one.is_baseline)],
    ["baseline", "baseline sessions", points.some((one) => one.is_comparable && one.is_baseline)],
    ["other", "filmed or measured differently", points.some((one) => !one.is_comparable)],
    ["unsure", "low confidence", points.some((one) => !one.is_sure)],
    ["band", "no change", band !== null],
    ["course", "trend", course !== null],
  ];
  return kinds.filter(([, , isDrawn]) => isDrawn).map(([kind, words]) => ({ kind, words }));
}
