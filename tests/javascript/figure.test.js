// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyFigure } from "../../gaitlab/ui/shared/body.js";
import { figureOn, seenWindow } from "../../gaitlab/ui/shared/figure.js";

/** @import { Box } from "../../gaitlab/ui/shared/figure.js" */
/** @import { FigurePlan, Point } from "../../gaitlab/ui/shared/body.js" */

/** @type {FigurePlan} */
const ONE_BONE = { face: [], ears: [], trunk: [], bones: [[0, 1, "left"]], of_trunk: 0.2, of_face: 0.7 };
/** @type {Box} */
const WINDOW = [100, 200, 200, 250];

/** @param {[number, number]} size */
const boneOn = (...size) => figureOn([100, 200, 200, 250], ONE_BONE, WINDOW, ...size).bones[0];

test("the corners of the window are those of a canvas of the same shape", () => {
  assert.deepEqual(boneOn(400, 200), { side: "left", from: [0, 0], to: [400, 200] });
});

test("on a higher or wider canvas the window lies in the middle, with its shape kept", () => {
  assert.deepEqual(boneOn(400, 300), { side: "left", from: [0, 50], to: [400, 250] });
  assert.deepEqual(boneOn(500, 200), { side: "left", from: [50, 0], to: [450, 200] });
});

test("a bone with an unknown end is not drawn, a point at zero is known", () => {
  /** @type {FigurePlan} */
  const plan = {
    ...ONE_BONE,
    bones: [
      [0, 1, "left"],
      [0, 2, "right"],
      [2, 3, "both"],
      [0, 9, "left"],
    ],
  };
  const { bones } = figureOn([0, 0, null, null, 150, 210, 120, null], plan, WINDOW, 400, 200);
  assert.deepEqual(
    bones.map((bone) => bone.side),
    ["right"],
  );
});

// Numbers as in tests/unit/motion/test_body_figure.py.
/** @type {FigurePlan} */
const PLAN = { face: [0, 1, 2], ears: [1, 2], trunk: [3, 4, 5, 6], bones: [], of_trunk: 0.065 / 0.288, of_face: 0.7 };
/** @type {(Point | null)[]} */
const FRONT = [
  [0, 1],
  [2, 0],
  [-2, 0],
  [4, 10],
  [-4, 10],
  [-3, 38.8],
  [3, 38.8],
];

test("the head is as large as the trunk says and has its middle between the ears", () => {
  const { head, bones, trunk } = bodyFigure((i) => FRONT[i], PLAN);
  assert.deepEqual(head?.at, [0, 0]);
  assert.ok(Math.abs((head?.radius ?? 0) - 6.5) < 1e-9);
  assert.deepEqual(bones[0].from, [0, 10]);
  assert.ok(Math.abs(bones[0].to[1] - 6.5) < 1e-9);
  assert.equal(trunk.length, 4);
});

test("where the trunk is hidden the face says how large the head is", () => {
  const { head } = bodyFigure((i) => (i < 3 ? FRONT[i] : null), PLAN);
  assert.ok(Math.abs((head?.radius ?? 0) - 2.8) < 1e-9);
});

test("without a face there is no head and no neck", () => {
  const { head, bones } = bodyFigure((i) => (i < 3 ? null : FRONT[i]), PLAN);
  assert.equal(head, null);
  assert.deepEqual(bones, []);
});

test("the window for the clip ends where the picture ends", () => {
  assert.deepEqual(seenWindow([-20, 30, 700, 500], [640, 480]), [0, 30, 640, 480]);
});

test("without a known size of the picture the window stays", () => {
  assert.deepEqual(seenWindow([-20, 30, 700, 500], null), [-20, 30, 700, 500]);
});
