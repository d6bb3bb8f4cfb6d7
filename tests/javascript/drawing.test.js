// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointInPicture } from "../../gaitlab/ui/analyse/two_points.js";
import { figureIn } from "../../gaitlab/ui/live/drawing.js";

/** @type {import("../../gaitlab/ui/shared/body.js").FigurePlan} */
const PLAN = { face: [], ears: [], trunk: [], bones: [[0, 1, "left"]], of_trunk: 0.2, of_face: 0.7 };

test("the live figure is drawn in pixels of the camera's picture", () => {
  const { bones } = figureIn(
    [
      [0.5, 0.25],
      [1, 0],
    ],
    PLAN,
    640,
    480,
  );
  assert.deepEqual(bones, [{ side: "left", from: [320, 120], to: [640, 0] }]);
});

test("a bone of the live figure with an unknown end, or one that was not sent, is not drawn", () => {
  assert.deepEqual(figureIn([[0.5, 0.5], null], PLAN, 640, 480).bones, []);
  assert.deepEqual(figureIn([[0.5, 0.5]], PLAN, 640, 480).bones, []);
});

test("a click on a still that is shown smaller is a point of the whole picture", () => {
  const box = { left: 10, top: 20, width: 320, height: 240 };
  assert.deepEqual(pointInPicture({ clientX: 170, clientY: 80 }, box, { wide: 1280, high: 960 }), [640, 240]);
});
