// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorAt, clipTransform, legInStepS, opacities, poseAt, rateFor } from "../../gaitlab/ui/shared/in_step.js";

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

/** @type {import("../../gaitlab/ui/shared/in_step.js").Place} */
const WALKS = { from_px: [100, 50], to_px: [300, 70], px_per_unit: 200, mirrored: false };

test("the anchor of a movement goes straight from where it starts to where it ends", () => {
  assert.deepEqual(anchorAt(WALKS, 0), [100, 50]);
  assert.deepEqual(anchorAt(WALKS, 0.25), [150, 55]);
  assert.deepEqual(anchorAt(WALKS, 1), [300, 70]);
});

/**
 * Returns where a point of a clip comes to lie on the screen.
 * @param {string} transform
 * @param {number[]} point
 */
function moved(transform, [x, y]) {
  const [a, b, c, d, e, f] = (transform.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  return [a * x + c * y + e, b * x + d * y + f];
}

test("the hips of a clip lie where those of the figure are, and a body height is as long", () => {
  const transform = clipTransform(WALKS, 0, [-0.5, -0.5, 0.5, 0.5], 400, 400);
  assert.deepEqual(moved(transform, [100, 50]), [200, 200]);
  assert.deepEqual(moved(transform, [100, 250]), [200, 600]);
});

test("who faces left is mirrored about the hips", () => {
  const transform = clipTransform({ ...WALKS, mirrored: true }, 0, [-0.5, -0.5, 0.5, 0.5], 400, 400);
  assert.deepEqual(moved(transform, [100, 50]), [200, 200]);
  assert.deepEqual(moved(transform, [80, 50]), [240, 200]);
});

test("the slider goes from only the first to only the second; a figure hides nothing, so both are whole between", () => {
  for (const asClip of [true, false]) {
    assert.deepEqual(opacities(0, asClip), [1, 0]);
    assert.deepEqual(opacities(1, asClip), [0, 1]);
  }
  assert.deepEqual(opacities(0.5, false), [1, 1]);
  assert.deepEqual(opacities(0.5, true), [1, 0.5]);
});

test("a pose between two lies between them; beside an unknown point there is none", () => {
  const poses = [
    [0, 10, null],
    [2, 20, 5],
    [4, 30, 5],
  ];
  assert.deepEqual(poseAt(poses, 0.25), [1, 15, null]);
  assert.deepEqual(poseAt(poses, 1), [4, 30, 5]);
});
