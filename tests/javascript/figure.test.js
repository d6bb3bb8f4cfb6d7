// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { figureLines, seenWindow } from "../../gaitlab/ui/session/figure.js";

/** @import { Bone, Box } from "../../gaitlab/ui/session/figure.js" */

/** @type {Bone[]} */
const ONE_BONE = [[0, 1, "left"]];
/** @type {Box} */
const WINDOW = [100, 200, 200, 250];

test("the corners of the window are those of a canvas of the same shape", () => {
  const [line] = figureLines([100, 200, 200, 250], ONE_BONE, WINDOW, 400, 200);
  assert.deepEqual(line, { side: "left", from: [0, 0], to: [400, 200] });
});

test("on a higher canvas the window lies in the middle, with its shape kept", () => {
  const [line] = figureLines([100, 200, 200, 250], ONE_BONE, WINDOW, 400, 300);
  assert.deepEqual(
    [line.from, line.to],
    [
      [0, 50],
      [400, 250],
    ],
  );
});

test("on a wider canvas the window lies in the middle, with its shape kept", () => {
  const [line] = figureLines([100, 200, 200, 250], ONE_BONE, WINDOW, 500, 200);
  assert.deepEqual(
    [line.from, line.to],
    [
      [50, 0],
      [450, 200],
    ],
  );
});

test("a bone with an unknown end is not drawn", () => {
  /** @type {Bone[]} */
  const bones = [
    [0, 1, "left"],
    [0, 2, "right"],
    [2, 3, "both"],
  ];
  const lines = figureLines([100, 200, null, null, 150, 210, 120, null], bones, WINDOW, 400, 200);
  assert.deepEqual(
    lines.map((line) => line.side),
    ["right"],
  );
});

test("a point at zero is known", () => {
  assert.equal(figureLines([0, 0, 10, 10], ONE_BONE, [0, 0, 10, 10], 10, 10).length, 1);
});

test("the window for the clip ends where the picture ends", () => {
  assert.deepEqual(seenWindow([-20, 30, 700, 500], [640, 480]), [0, 30, 640, 480]);
});

test("without a known size of the picture the window stays", () => {
  assert.deepEqual(seenWindow([-20, 30, 700, 500], null), [-20, 30, 700, 500]);
});
