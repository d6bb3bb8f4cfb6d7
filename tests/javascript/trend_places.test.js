// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  barsPath,
  dateTicks,
  kindsOf,
  markShape,
  nameOf,
  nearestPlace,
  tipPlace,
  valueLimits,
  valueTicks,
} from "../../gaitlab/ui/history/trend_places.js";

/** @import { TrendData, TrendPoint } from "../../gaitlab/ui/history/trend_places.js" */

/** @type {TrendPoint} */
const POINT = {
  ...{ session: 1, at: 0, when: "12 Mar 2026, 10:00", value: 104, said: "104 steps/min", low: null, high: null },
  ...{ is_baseline: false, is_sure: true, is_comparable: true },
};

/** @type {TrendData} */
const DATA = {
  ...{ label: "Cadence", axis: "Cadence (steps/min)", is_small: false, is_counted: false, side: "both" },
  ...{ points: [POINT], band: null, goal: null, course: null },
};

/** @type {(first: string, last: string, most: number) => string[]} */
const named = (first, last, most) =>
  dateTicks(Date.parse(`${first}Z`), Date.parse(`${last}Z`), most).map(({ words, below }) => `${words}|${below}`);

test("the axis has room for bars, band, goal and course", () => {
  const points = [{ ...POINT, low: 90, high: 118 }];
  const [low, high] = valueLimits({ ...DATA, points, band: [100, 80, 120], goal: 150 });
  assert.ok(low < 80 && high > 150);
  const [lower] = valueLimits({
    ...DATA,
    course: [
      [0, 60],
      [1, 104],
    ],
  });
  assert.ok(lower < 60);
});

test("sessions within a twentieth of their value do not fill the chart, others do", () => {
  /** @param {number} value */
  const height = (value) => {
    const [low, high] = valueLimits({
      ...DATA,
      points: [
        { ...POINT, value: 100 },
        { ...POINT, value },
      ],
    });
    return Number((high - low).toFixed(6));
  };
  assert.equal(height(104), 5.2);
  assert.equal(height(106), 6.6);
});

test("values that are all zero have an axis all the same", () => {
  assert.deepEqual(valueLimits({ ...DATA, points: [{ ...POINT, value: 0 }] }), [-0.5, 0.5]);
});

test("round values have as many decimals as their step", () => {
  /** @type {(low: number, high: number, isCounted?: boolean) => string[]} */
  const words = (low, high, isCounted = false) => valueTicks([low, high], isCounted, 5).map((tick) => tick.words);
  assert.deepEqual(words(0.48, 0.62), ["0.50", "0.55", "0.60"]);
  assert.deepEqual(words(-11, 9), ["−10", "−5", "0", "5"]);
  assert.deepEqual(words(8.7, 11.3, true), ["9", "10", "11"]);
});

test("dates have the finest step that fits, and a year once", () => {
  assert.deepEqual(named("2026-03-01T10:00", "2026-03-05T10:00", 5), ["2 Mar|2026", "3 Mar|", "4 Mar|", "5 Mar|"]);
  assert.deepEqual(named("2025-11-20T10:00", "2026-02-25T10:00", 5), ["Dec|2025", "Jan|2026", "Feb|"]);
  assert.deepEqual(named("2022-01-03T00:00", "2025-07-01T00:00", 4), ["2023|", "2024|", "2025|"]);
});

test("days at equal distances begin on Mondays", () => {
  assert.deepEqual(named("2026-03-01T10:00", "2026-03-30T10:00", 5), [
    "2 Mar|2026",
    "9 Mar|",
    "16 Mar|",
    "23 Mar|",
    "30 Mar|",
  ]);
});

test("two sessions of one morning have hours and their day", () => {
  assert.deepEqual(named("2026-03-01T09:40", "2026-03-01T11:20", 3), ["10:00|1 Mar 2026", "10:30|", "11:00|"]);
});

test("never more dates than asked for, over a minute or a lifetime", () => {
  for (const span of [6e4, 36e5, 864e5, 8e8, 3e9, 4e10, 3e12]) {
    for (const most of [2, 3, 5, 8]) {
      const found = dateTicks(1.77e12, 1.77e12 + span, most);
      assert.ok(found.length >= 1 && found.length <= most, `${span} ${most}: ${found.length}`);
    }
  }
});

test("the mark nearest to the pointer is found within reach, and none beyond", () => {
  const places = [
    { x: 10, y: 10 },
    { x: 30, y: 10 },
  ];
  assert.equal(nearestPlace(places, 21, 10, 14), 1);
  assert.equal(nearestPlace(places, 10, 24, 14), 0);
  assert.equal(nearestPlace(places, 10, 25, 14), -1);
});

test("a baseline session is a diamond, another one a circle", () => {
  assert.equal(markShape(true, 10), "M0 -13L13 0L0 13L-13 0Z");
  assert.equal(markShape(false, 5).match(/a/g)?.length, 2);
});

test("a bar goes from the low to the high end, and a session without one has none", () => {
  const points = [POINT, { ...POINT, at: 20, low: 90, high: 110 }];
  const path = barsPath(
    points,
    (at) => at,
    (value) => 200 - value,
    2,
  );
  assert.equal(path, "M18.0 90.0H22.0M18.0 110.0H22.0M20.0 90.0V110.0");
});

test("a mark is named by date, value, and what is special about it", () => {
  assert.equal(nameOf(POINT), "12 Mar 2026, 10:00, 104 steps/min: open its session");
  const doubtful = { ...POINT, is_baseline: true, is_sure: false };
  assert.equal(
    nameOf(doubtful),
    "12 Mar 2026, 10:00, 104 steps/min, baseline session, low confidence: open its session",
  );
  assert.match(nameOf({ ...POINT, is_baseline: true, is_comparable: false }), /min, filmed or measured differently:/);
});

test("the words beside a mark stay within the width, and go below it where there is no room above", () => {
  assert.deepEqual(tipPlace({ x: 100, y: 80 }, 60, 40, 200, 10), { left: 70, top: 30 });
  assert.deepEqual(tipPlace({ x: 5, y: 20 }, 60, 40, 200, 10), { left: 0, top: 30 });
  assert.equal(tipPlace({ x: 195, y: 80 }, 60, 40, 200, 10).left, 140);
});

test("the legend names what is drawn and nothing else", () => {
  /** @param {TrendData} data */
  const kinds = (data) => kindsOf(data).map(({ kind }) => kind);
  assert.deepEqual(kinds(DATA), ["session"]);
  const points = [
    { ...POINT, is_baseline: true },
    { ...POINT, is_comparable: false },
    { ...POINT, is_sure: false },
  ];
  const all = { ...DATA, points, band: /** @type {[number, number, number]} */ ([1, 0, 2]) };
  assert.deepEqual(kinds(all), ["session", "baseline", "other", "unsure", "band"]);
});
