// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { followingWindows, transformTo } from "../../gaitlab/ui/session/zoom.js";
import { Packed } from "../../gaitlab/ui/shared/packed.js";

const TIMES = Array.from({ length: 61 }, (_, i) => i / 30);
const NOBODY = new Packed(Int16Array.of(-32768, -32768), 1);
/** @type {(x: number, y: number, tall: number) => Packed} */
const body = (x, y, tall) => {
  const points = [x - 10, y - tall / 2, x + 10, y + tall / 2].map((value) => 10 * value);
  return new Packed(Int16Array.of(...points, -32768, -32768), 10);
};

test("the window keeps its size and follows the person", () => {
  const windows = followingWindows(
    TIMES,
    TIMES.map((time) => body(400 + 200 * time, 300, 100)),
    [1280, 720],
  );
  assert.ok(windows);
  const middle = windows[30];
  assert.ok(Math.abs((middle[0] + middle[2]) / 2 - 600) < 1);
  assert.ok(Math.abs(middle[3] - middle[1] - 160) < 1e-6);
  assert.ok(Math.abs((middle[2] - middle[0]) / (middle[3] - middle[1]) - 1280 / 720) < 1e-6);
});

test("the window stays inside of the picture", () => {
  const windows = followingWindows(
    TIMES,
    TIMES.map(() => body(5, 715, 100)),
    [1280, 720],
  );
  assert.deepEqual(windows?.[0].map(Math.round), [0, 560, 284, 720]);
});

test("who fills most of the picture, or is never seen, is not zoomed to", () => {
  const large = TIMES.map(() => body(600, 360, 320));
  const fitting = TIMES.map(() => body(600, 360, 310));
  assert.equal(followingWindows(TIMES, large, [1280, 720]), null);
  assert.ok(followingWindows(TIMES, fitting, [1280, 720]));
  assert.equal(followingWindows(TIMES, [NOBODY], [1280, 720]), null);
  assert.equal(followingWindows(TIMES, large, null), null);
});

test("where nobody is seen for a while the window stays where it was", () => {
  const poses = TIMES.map((time) => (time < 0.5 ? body(300, 300, 100) : NOBODY));
  const windows = followingWindows(TIMES, poses, [1280, 720]);
  assert.deepEqual(windows?.[60], windows?.[20]);
});

test("the window fills the element that shows the clip, also beside black bars", () => {
  assert.equal(transformTo([0, 0, 640, 360], [1280, 720], [640, 360]), "translate(0.0px, 0.0px) scale(2.0000)");
  assert.equal(
    transformTo([320, 180, 960, 540], [1280, 720], [640, 360]),
    "translate(-320.0px, -180.0px) scale(2.0000)",
  );
  assert.equal(transformTo([0, 0, 100, 100], [100, 100], [300, 100]), "translate(0.0px, 0.0px) scale(1.0000)");
});
