// @ts-check
// The band of the range meter, where a programme asks for less or more than a full repetition.

import assert from "node:assert/strict";
import { test } from "node:test";
import { heightOf, meterWords } from "../../gaitlab/ui/live/range_meter.js";

test("there is room above a band that begins beyond a full repetition, as above a full one", () => {
  assert.equal(heightOf(1), 0.8);
  assert.equal(heightOf(1.5, 1.5), 0.8);
  assert.ok(heightOf(1, 1.5) < 0.8);
});

test("screen readers are told where the band begins, side by side where that differs", () => {
  assert.equal(meterWords([["both", 1]]), "How far you go; the band at the top is a full repetition");
  assert.equal(
    meterWords([
      ["left", 0.6],
      ["right", 0.6],
    ]),
    "How far you go; the band begins at 60 % of a full repetition",
  );
  assert.equal(
    meterWords([
      ["left", 0.6],
      ["right", 1],
    ]),
    "How far you go; the band begins at 60 % of a full repetition left, at 100 % of a full repetition right",
  );
});
