// @ts-check
// How far the left ankle is right of the right one, in trunks: of people who are drawn, and of a real one who walks by.

import assert from "node:assert/strict";
import { test } from "node:test";
import { anklesApart, HeelStrikes } from "../../gaitlab/ui/live/heel_strikes.js";

/** @import { Points } from "../../gaitlab/ui/live/drawing.js" */

/**
 * Returns somebody whose trunk is 0.2 of the picture's height; the picture is square.
 * @param {number} apart
 * @returns {Points}
 */
function somebody(apart) {
  /** @type {Points} */
  const points = new Array(17).fill(null);
  for (const [joint, x, y] of [
    [5, 0.5, 0.3],
    [6, 0.5, 0.3],
    [11, 0.5, 0.5],
    [12, 0.5, 0.5],
    [15, 0.5 + 0.1 * apart, 0.9],
    [16, 0.5 - 0.1 * apart, 0.9],
  ])
    points[joint] = [x, y];
  return points;
}

/**
 * Shows how the ankles move and returns which foot is told when, in ms.
 * @param {(number | null)[]} apart
 * @param {number} stepMs
 */
function told(apart, stepMs) {
  const strikes = new HeelStrikes();
  return apart.flatMap((one, i) => {
    const foot = strikes.see(one === null ? null : somebody(one), 1, i * stepMs);
    return foot ? [{ foot, ms: Math.round(i * stepMs) }] : [];
  });
}

test("the ankles are apart by what is between them, in trunks, whatever shape the picture has", () => {
  assert.ok(Math.abs((anklesApart(somebody(0.8), 1) ?? 0) - 0.8) < 1e-9);
  const points = somebody(0.8).map((point) => point && /** @type {[number, number]} */ ([point[0] / 2, point[1]]));
  assert.ok(Math.abs((anklesApart(points, 2) ?? 0) - 0.8) < 1e-9);
});

test("a foot has landed when the ankles come together again by a twentieth", () => {
  assert.deepEqual(told([0.5, 1, 0.951], 100), []);
  assert.deepEqual(told([0.5, 1, 0.949], 100), [{ foot: "left", ms: 200 }]);
});

test("feet that are little apart do not step", () => {
  assert.deepEqual(told([0.1, 0.34, 0.1, -0.34, -0.1], 300), []);
  assert.equal(told([0.1, 0.36, 0.1, -0.36, -0.1], 300).length, 2);
});

test("one step is told once, and nobody steps again within a quarter of a second", () => {
  assert.equal(told([0.5, 1, 0.9, 1.1, 0.8, 0.2], 100).length, 1);
  assert.equal(told([1, 0.9, -1, -0.9], 124).length, 1);
  assert.equal(told([1, 0.9, -1, -0.9], 126).length, 2);
});

test("of a man who walks by each heel strike is told once, within a quarter of a second", () => {
  // Every second of 29.8 frames a second; heel strikes read by eye at 1587, 2291, 2995 and 3699 ms, after the start at 749.
  const apart = [
    0.17,
    0.16,
    0.15,
    0.16,
    0.17,
    0.2,
    0.24,
    0.33,
    0.54,
    0.74,
    0.91,
    1.04,
    1.08,
    1.07,
    1.06,
    1.03,
    0.96,
    0.84,
    0.69,
    0.53,
    0.1,
    -0.25,
    -0.58,
    -0.92,
    -1.1,
    -1.16,
    -1.12,
    -1.04,
    -0.86,
    -0.61,
    null,
    0.19,
    0.47,
    0.86,
    1.16,
    1.25,
    1.25,
    1.15,
    0.95,
    0.69,
    0.35,
    -0.07,
    -0.44,
    -0.84,
    -1.14,
    -1.24,
    -1.27,
    -1.18,
    -1,
    -0.75,
    -0.49,
    -0.03,
    0.34,
    0.76,
    1.13,
    1.27,
    1.28,
    1.2,
    1.01,
    0.73,
    0.4,
    -0.03,
    -0.34,
    null,
    null,
    -0.03,
    -0.01,
    0,
    -0.03,
    -0.01,
    null,
    null,
    null,
  ];
  const steps = told(apart, 67.02).slice(1);
  assert.deepEqual(
    steps.map(({ foot }) => foot),
    ["right", "left", "right", "left"],
  );
  for (const [i, strikeMs] of [1587, 2291, 2995, 3699].entries())
    assert.ok(Math.abs(steps[i].ms - strikeMs - 125) <= 125, `${steps[i].ms} for ${strikeMs}`);
});
