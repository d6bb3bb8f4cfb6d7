// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { SmoothFigure } from "../../gaitlab/ui/live/smooth_figure.js";

/** @type {[number, number][]} */
const XY = Array.from({ length: 17 }, (_, i) => [10 * i, 100]);
const SURE = new Array(17).fill(0.8);

test("the skeleton has shares of the picture, without points that are not sure", () => {
  const score = [...SURE];
  score[3] = 0.29;
  const points = new SmoothFigure().points({ takenMs: 0, wh: [200, 100], detection: { xy: XY, score } });
  assert.deepEqual(points?.slice(2, 5), [[0.1, 1], null, [0.2, 1]]);
});

test("nobody is no skeleton, and who comes back is drawn where they are", () => {
  const figure = new SmoothFigure();
  figure.points({ takenMs: 0, wh: [200, 100], detection: { xy: XY, score: SURE } });
  assert.equal(figure.points({ takenMs: 100, wh: [200, 100], detection: null }), null);
  /** @type {[number, number][]} */
  const moved = XY.map(([x, y]) => [x + 20, y]);
  const points = figure.points({ takenMs: 200, wh: [200, 100], detection: { xy: moved, score: SURE } });
  assert.deepEqual(points?.[0], [0.1, 1]);
});

test("a picture of another shape starts anew", () => {
  const figure = new SmoothFigure();
  figure.points({ takenMs: 0, wh: [200, 100], detection: { xy: XY, score: SURE } });
  const points = figure.points({
    takenMs: 100,
    wh: [100, 200],
    detection: { xy: XY.map(() => [50, 50]), score: SURE },
  });
  assert.deepEqual(points?.[0], [0.5, 0.25]);
});
