// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { linePath, pageOf, scaleOf, ticks } from "../../gaitlab/ui/shared/curve.js";

test("ticks are round values within the limits", () => {
  assert.deepEqual(ticks(-63, 30), [-60, -40, -20, 0, 20]);
});

test("a limit that is round is a tick itself", () => {
  assert.deepEqual(ticks(0, 10), [0, 2, 4, 6, 8, 10]);
});

test("ticks below one are round, too", () => {
  assert.deepEqual(
    ticks(0.12, 0.55).map((tick) => Number(tick.toFixed(6))),
    [0.2, 0.3, 0.4, 0.5],
  );
});

test("there are between two and six ticks, whatever the range", () => {
  for (let range = 0.013; range < 5000; range *= 1.17) {
    for (const low of [-71, 0, 0.37]) {
      const { length } = ticks(low, low + range);
      assert.ok(length >= 2 && length <= 6, `${length} ticks from ${low} over ${range}`);
    }
  }
});

test("a range of nothing has the one tick where it lies", () => {
  assert.deepEqual(ticks(3, 3), [3]);
});

test("a wide scale has a twentieth of room on each side", () => {
  assert.deepEqual(scaleOf([0, 100, 50], 10), [-5, 105]);
});

test("a flat line is not stretched over the whole height", () => {
  assert.deepEqual(scaleOf([10, 12], 20), [1, 21]);
});

test("unknown values do not count for the scale", () => {
  assert.deepEqual(scaleOf([null, 20, null, 120], 10), [15, 125]);
});

test("a line goes from point to point", () => {
  const path = linePath(
    [1, 2],
    (i) => 10 * i,
    (value) => 100 - value,
  );
  assert.equal(path, "M0.0 99.0L10.0 98.0");
});

test("an unknown value is a gap, not a point at zero", () => {
  const path = linePath(
    [1, null, 3, 4],
    (i) => i,
    (value) => value,
  );
  assert.equal(path, "M0.0 1.0M2.0 3.0L3.0 4.0");
});

test("a line of unknown values only is empty", () => {
  assert.equal(
    linePath(
      [null, null],
      (i) => i,
      (value) => value,
    ),
    "",
  );
});

test("of many values on one column of the screen the first, the lowest, the highest and the last are drawn", () => {
  const values = [5, 4, 9, 1, 6, 7, 8, 2];
  // Six values on the column from 0, two on that from 1.
  const path = linePath(
    values,
    (i) => (i < 6 ? 0.1 * i : 0.5 + 0.1 * i),
    (value) => value,
  );
  assert.equal(path, "M0.0 5.0L0.2 9.0L0.3 1.0L0.5 7.0L1.1 8.0L1.2 2.0");
});

test("a gap within one column of the screen stays a gap", () => {
  const path = linePath(
    [1, null, 2],
    (i) => 0.1 * i,
    (value) => value,
  );
  assert.equal(path, "M0.0 1.0M0.2 2.0");
});

test("a clip of a minute is shown whole, of a longer one the half minute with the moment", () => {
  assert.deepEqual(pageOf(59, 1, 61), [1, 61]);
  assert.deepEqual(pageOf(30.9, 1, 61.1), [1, 31]);
  assert.deepEqual(pageOf(31, 1, 61.1), [31, 61]);
  assert.deepEqual(pageOf(61.1, 1, 61.1), [31.1, 61.1]);
});
