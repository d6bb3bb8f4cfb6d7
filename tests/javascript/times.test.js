// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { between, nearest, within } from "../../gaitlab/ui/shared/times.js";

const TIMES = [0, 0.04, 0.08, 0.2];

test("the nearest time is on either side of the moment", () => {
  assert.equal(nearest(TIMES, 0.05), 1);
  assert.equal(nearest(TIMES, 0.07), 2);
});

test("exactly between two times the earlier one is the nearest", () => {
  assert.equal(nearest([0, 1, 2], 1.5), 1);
});

test("a moment before or after all times is nearest to the first or last", () => {
  assert.equal(nearest(TIMES, -5), 0);
  assert.equal(nearest(TIMES, 5), 3);
});

test("of one time alone, that is the nearest", () => {
  assert.equal(nearest([3], 9), 0);
});

test("the nearest of many times is the one a plain search finds", () => {
  const times = Array.from({ length: 500 }, (_, i) => i ** 1.2 / 25);
  for (let moment = -1; moment < times[499] + 1; moment += 0.37) {
    const away = times.map((time) => Math.abs(time - moment));
    assert.equal(nearest(times, moment), away.indexOf(Math.min(...away)), `at ${moment} s`);
  }
});

test("between two entries a value is carried over linearly", () => {
  assert.equal(between([0, 1, 3], [10, 20, 60], 2), 40);
});

test("an entry is carried to its entry", () => {
  for (const i of [0, 1, 2]) assert.equal(between([0, 1, 3], [10, 20, 60], [0, 1, 3][i]), [10, 20, 60][i]);
});

test("beyond the ends a value keeps its distance from the end", () => {
  assert.equal(between([0, 1], [10, 20], -0.5), 9.5);
  assert.equal(between([0, 1], [10, 20], 1.5), 20.5);
});

test("carrying a value there and back gives the value", () => {
  const [slow, real] = [
    [0, 4, 8, 14],
    [0, 1, 2, 3.5],
  ];
  for (const value of [-1, 0.3, 5, 13, 20]) {
    assert.ok(Math.abs(between(real, slow, between(slow, real, value)) - value) < 1e-12);
  }
});

test("without entries a value stays as it is", () => {
  assert.equal(between([], [], 2.5), 2.5);
});

test("a value beyond a limit becomes the limit", () => {
  assert.deepEqual([within(-1, 0, 5), within(3, 0, 5), within(9, 0, 5)], [0, 3, 5]);
});
