// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { footLanes, stepTiles } from "../../gaitlab/ui/session/steps.js";

const STEPS = { feet: "rlr", at_s: [1, 1.6, 2.2], until_s: [2.2, 2.8, 3.4], lifted_s: [1.7, null, 2.9] };

test("a heel strike has a tile until the next one of its foot, with the time since the other foot", () => {
  const tiles = stepTiles(STEPS);
  assert.deepEqual(
    tiles.map(({ key_s, start_s, end_s }) => [key_s, start_s, end_s]),
    [
      [1, 1, 2.2],
      [1.6, 1.6, 2.8],
      [2.2, 2.2, 3.4],
    ],
  );
  assert.deepEqual(
    tiles.map(({ words }) => words),
    ["R", "L 0.60 s", "R 0.60 s"],
  );
  assert.equal(tiles[1].label, "Left heel strike at 1.60 s, 0.60 s after the right one");
});

test("a heel strike after a pause, or after one of the same foot, is told without a step", () => {
  /** @type {(feet: string, second_s: number) => string} */
  const second = (feet, second_s) => {
    const steps = { feet, at_s: [1, second_s], until_s: [second_s, second_s + 1], lifted_s: [null, null] };
    return stepTiles(steps)[1].words;
  };
  assert.equal(second("rl", 2.95), "L 1.95 s");
  assert.equal(second("rl", 3.05), "L");
  assert.equal(second("ll", 2.0), "L");
});

test("a foot is marked while it is on the ground, or at its heel strike alone", () => {
  const [left, right] = footLanes(STEPS);
  assert.equal(left.label, "L");
  assert.deepEqual(left.marks, [
    { label: "Left heel strike, 1.60 s", side: "left", start_s: 1.6, end_s: null, corrects: "contact" },
  ]);
  assert.deepEqual(
    right.marks.map(({ label }) => label),
    ["Right heel strike, on the ground, 1.00 to 1.70 s", "Right heel strike, on the ground, 2.20 to 2.90 s"],
  );
});

test("a foot that is never seen has no marks", () => {
  const lanes = footLanes({ feet: "r", at_s: [1], until_s: [2], lifted_s: [null] });
  assert.deepEqual(
    lanes.map(({ side }) => side),
    ["right"],
  );
});
