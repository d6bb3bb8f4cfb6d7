// @ts-check
// What a pose tells the coach: figures of a person of a height of 0.8 pictures, in shares of a square picture.

import assert from "node:assert/strict";
import { test } from "node:test";
import { handIsRaised, isInSight } from "../../gaitlab/ui/live/in_sight.js";

/** @import { Points } from "../../gaitlab/ui/live/drawing.js" */

const NEEDED = [
  [5, 6],
  [11, 12],
  [15, 16],
];

/**
 * Returns somebody who stands: eyes at 0.12, shoulders at 0.2, hips at 0.5.
 * @param {{ left?: number | null, right?: number | null }} [hands] heights of the wrists, null where they are not seen
 * @returns {Points}
 */
function standing({ left = 0.5, right = 0.5 } = {}) {
  const heights = [0.13, 0.12, 0.12, 0.13, 0.13, 0.2, 0.2, 0.35, 0.35, left, right, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9];
  return heights.map((y, joint) => (y === null ? null : [joint % 2 ? 0.45 : 0.55, y]));
}

/** @param {number[]} joints */
const without = (joints) => standing().map((point, joint) => (joints.includes(joint) ? null : point));

test("somebody of whom one of each pair is seen is in sight", () => {
  assert.equal(isInSight(without([5, 11, 15]), NEEDED), true);
});

test("somebody without feet is not in sight where feet are needed, nor is nobody", () => {
  assert.equal(isInSight(without([15, 16]), NEEDED), false);
  assert.equal(isInSight(without([15, 16]), NEEDED.slice(0, 2)), true);
  assert.equal(isInSight(null, NEEDED), false);
});

test("one hand clearly over the head is raised, and a hand at the head is not", () => {
  assert.equal(handIsRaised(standing({ left: 0.07 }), 1), true);
  assert.equal(handIsRaised(standing({ left: 0.08 }), 1), false);
});

test("two hands over the head are part of an exercise", () => {
  assert.equal(handIsRaised(standing({ left: 0.03, right: 0.03 }), 1), false);
  assert.equal(handIsRaised(standing({ left: 0.03, right: 0.19 }), 1), false);
  assert.equal(handIsRaised(standing({ left: 0.03, right: 0.21 }), 1), true);
});

test("a hand that the body hides is not raised", () => {
  assert.equal(handIsRaised(standing({ left: null, right: 0.03 }), 1), true);
  assert.equal(handIsRaised(standing({ left: null, right: null }), 1), false);
});

test("somebody who lies raises no hand", () => {
  const lying = standing({ left: 0.03 }).map((point, joint) => point && [joint < 11 ? 0.1 : 0.6, point[1]]);
  assert.equal(handIsRaised(/** @type {Points} */ (lying), 1), false);
});
