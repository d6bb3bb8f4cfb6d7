// @ts-check
// A stage of 400 x 400 pixels that stands 10 pixels from the left and 20 from the top; the picture is twice as wide as high.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isOn, placeBeside, placeIn } from "../../gaitlab/ui/live/pointing.js";

const STAGE = { left: 10, top: 20, width: 400, height: 400 };
const VIDEO = { videoWidth: 800, videoHeight: 400 };

test("the middle of the stage is the middle of the picture", () => {
  assert.deepEqual(placeIn(STAGE, VIDEO, { clientX: 210, clientY: 220 }, false), [0.5, 0.5]);
});

test("the picture leaves bars above and below itself: its corner is a quarter of the stage further down", () => {
  assert.deepEqual(placeIn(STAGE, VIDEO, { clientX: 10, clientY: 120 }, false), [0, 0]);
  assert.equal(placeIn(STAGE, VIDEO, { clientX: 10, clientY: 119 }, false), null);
});

test("a mirrored picture is seen from the other side", () => {
  assert.deepEqual(placeIn(STAGE, VIDEO, { clientX: 110, clientY: 220 }, true), [0.75, 0.5]);
});

test("a tenth of a body beside it still means that body", () => {
  /** @type {[number, number][]} */
  const body = [
    [0.4, 0.2],
    [0.6, 0.8],
  ];
  assert.equal(isOn([null, ...body], [0.619, 0.5]), true);
  assert.equal(isOn([null, ...body], [0.621, 0.5]), false);
  assert.equal(isOn([null, ...body], [0.5, 0.859]), true);
  assert.equal(isOn([null, ...body], [0.5, 0.861]), false);
});

test("where nobody is seen no place is on a body", () => {
  assert.equal(isOn([null, null], [0.5, 0.5]), false);
});

test("beside somebody is half-way to the edge of the picture as it is shown", () => {
  /** @type {[number, number][]} */
  const body = [
    [0.3, 0.2],
    [0.5, 0.8],
  ];
  assert.deepEqual(placeBeside([null, ...body], "left", false), [0.2, 0.5]);
  assert.deepEqual(placeBeside(body, "right", false), [0.7, 0.5]);
  assert.deepEqual(placeBeside(body, "right", true), [0.2, 0.5]);
});

test("somebody distant stands higher in the picture than somebody near: the middle of its height is on both", () => {
  assert.deepEqual(placeBeside([[0.4, 0.9]], "left", false), [0.2, 0.5]);
});

test("where nobody is followed it is half-way from the middle", () => {
  assert.deepEqual(placeBeside(null, "left", false), [0.25, 0.5]);
  assert.deepEqual(placeBeside([null], "right", false), [0.75, 0.5]);
});
