// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { legInStepS, rateFor } from "../../gaitlab/ui/shared/in_step.js";

test("two repetitions in step take the mean of their times, each way of its own", () => {
  const knots = [
    [0, 1, 2],
    [10, 13, 14.5],
  ];
  assert.equal(legInStepS(knots, 0), 2);
  assert.equal(legInStepS(knots, 1), 1.25);
});

test("a way that takes no time still takes a moment", () => {
  const knots = [
    [0, 1, 1],
    [5, 6, 6],
  ];
  assert.equal(legInStepS(knots, 1), 0.1);
});

test("the slower repetition is sped up and the faster one slowed down", () => {
  assert.equal(rateFor(3, 2), 1.5);
  assert.equal(rateFor(1, 2), 0.5);
});

test("no clip is played slower or faster than browsers can", () => {
  assert.deepEqual([rateFor(0.001, 2), rateFor(100, 1)], [0.1, 8]);
});
