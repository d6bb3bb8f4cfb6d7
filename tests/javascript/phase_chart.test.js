// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { bandPath, scaleOfLines } from "../../gaitlab/ui/shared/phase_chart.js";

const LINE = { tone: "left", mean: [10, 20], sd: [1, 2] };

test("a band goes along the upper edge and back along the lower one", () => {
  const path = bandPath(
    LINE,
    (i) => 100 * i,
    (deg) => deg,
  );
  assert.equal(path, "M0.0 11.0L100.0 22.0L100.0 18.0L0.0 9.0Z");
});

test("a scale holds the bands of all lines, not only their means", () => {
  const [low, high] = scaleOfLines([LINE, { tone: "ghost", mean: [40, 40], sd: [0, 10] }], 5);
  assert.ok(low <= 9 && high >= 50);
});
