// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { pointInPicture } from "../../gaitlab/ui/analyse/two_points.js";
import { skeletonLines } from "../../gaitlab/ui/live/drawing.js";

test("the live skeleton is drawn in pixels of the camera's picture", () => {
  const lines = skeletonLines(
    [
      [0.5, 0.25],
      [1, 0],
    ],
    [[0, 1, "#123456"]],
    640,
    480,
  );
  assert.deepEqual(lines, [{ color: "#123456", from: [320, 120], to: [640, 0] }]);
});

test("a bone of the live skeleton with an unknown end is not drawn", () => {
  assert.deepEqual(skeletonLines([[0.5, 0.5], null], [[0, 1, "red"]], 640, 480), []);
});

test("a bone whose point the server did not send is not drawn", () => {
  assert.deepEqual(skeletonLines([[0.5, 0.5]], [[0, 4, "red"]], 640, 480), []);
});

test("a click on a still that is shown smaller is a point of the whole picture", () => {
  const box = { left: 10, top: 20, width: 320, height: 240 };
  assert.deepEqual(pointInPicture({ clientX: 170, clientY: 80 }, box, { wide: 1280, high: 960 }), [640, 240]);
});
