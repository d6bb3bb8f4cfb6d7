// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { arcOf, arcPath, labelPlaces, pointOn } from "../../gaitlab/ui/session/arcs.js";

/** @import { Arc } from "../../gaitlab/ui/session/arcs.js" */
/** @import { Point } from "../../gaitlab/ui/shared/body.js" */

// Hip, knee and ankle of a leg whose shank goes straight back: the knee is bent by 90 degrees.
/** @type {(Point | null)[]} */
const LEG = [
  [100, 0],
  [100, 50],
  [50, 50],
];
/** @type {import("../../gaitlab/ui/session/player_data.js").Arms} */
const KNEE = { reference: [[0], [1]], arm: [[1], [2]] };

/** @type {(points: (Point | null)[]) => (index: number) => Point | null} */
const among = (points) => (index) => points[index] ?? null;

/** @type {(radians: number) => number} */
const degrees = (radians) => Math.round((180 / Math.PI) * radians);

/** @param {Arc | null} arc */
function known(arc) {
  assert.ok(arc);
  return arc;
}

test("the arc of a knee begins at the thigh, prolonged, and ends at the shank", () => {
  const arc = known(arcOf(among(LEG), KNEE));
  assert.deepEqual(arc.at, [100, 50]);
  assert.equal(degrees(arc.start), 90); // downward on the screen
  assert.equal(degrees(arc.sweep), 90); // clockwise to the left
  assert.equal(arc.radius, 20); // 0.4 of the 50 pixels of each segment
  const [x, y] = pointOn(arc, 1);
  assert.ok(Math.abs(x - 80) < 1e-9 && Math.abs(y - 50) < 1e-9);
});

test("the arc of a trunk that leans begins at the vertical", () => {
  const arc = known(
    arcOf(
      among([
        [0, 0],
        [50, -50],
      ]),
      { reference: "up", arm: [[0], [1]] },
    ),
  );
  assert.equal(degrees(arc.start), -90);
  assert.equal(degrees(arc.sweep), 45);
});

test("where one of a pair of keypoints is hidden the other one stands for their middle", () => {
  const arms = { reference: /** @type {const} */ ("down"), arm: /** @type {[number[], number[]]} */ ([[0, 3], [1]]) };
  assert.deepEqual(known(arcOf(among(LEG), arms)).at, [100, 0]);
  assert.deepEqual(known(arcOf(among([...LEG, [80, 10]]), arms)).at, [90, 5]);
});

test("an arc with an unknown point, or a segment without length, is not drawn", () => {
  assert.equal(arcOf(among([LEG[0], LEG[1], null]), KNEE), null);
  assert.equal(arcOf(among([null, LEG[1], LEG[2]]), KNEE), null);
  assert.equal(arcOf(among([LEG[0], LEG[1], LEG[1]]), KNEE), null);
});

test("an arc is never too small to be seen nor as large as the limb of somebody near", () => {
  /** @param {number} scale */
  const radius = (scale) => known(arcOf(among(LEG.map((p) => p && [p[0] * scale, p[1] * scale])), KNEE)).radius;
  assert.equal(radius(0.1), 12);
  assert.equal(radius(10), 36);
});

test("a clockwise and a counter-clockwise arc are drawn their own way round", () => {
  const arc = { at: /** @type {Point} */ ([0, 0]), start: 0, sweep: Math.PI / 2, radius: 10 };
  assert.equal(arcPath(arc), "M0.0 0.0L13.5 0.0M10.0 0.0A10.0 10.0 0 0 1 0.0 10.0");
  assert.ok(arcPath({ ...arc, sweep: -Math.PI / 2 }).endsWith("A10.0 10.0 0 0 0 0.0 -10.0"));
});

/** @type {(x: number, y: number, start?: number, sweep?: number) => Arc} */
const arcAt = (x, y, start = Math.PI / 2, sweep = 0.1) => ({ at: [x, y], start, sweep, radius: 20 });

test("the numbers of two knees stand on their outer sides, also where one knee hides the other", () => {
  const places = labelPlaces([arcAt(200, 90), arcAt(100, 100)], [400, 300]);
  assert.ok(places[0][0] > 200 && places[1][0] < 100);
  const [one, other] = labelPlaces([arcAt(200, 90), arcAt(200, 90)], [400, 300]);
  assert.ok(Math.abs(one[0] - other[0]) > 60);
});

test("of somebody who lies the numbers stand above and below the limbs", () => {
  const places = labelPlaces([arcAt(200, 90, 0), arcAt(210, 100, 0)], [400, 300]);
  assert.ok(places[0][1] < 90 && places[1][1] > 100);
  assert.deepEqual(
    places.map(([x]) => x),
    [200, 210],
  );
});

test("a number beside the edge stays in the picture", () => {
  const [[x, y]] = labelPlaces([arcAt(2, 299, Math.PI / 2, 0.1)], [400, 300]);
  assert.ok(x >= 24 && y <= 287);
});
