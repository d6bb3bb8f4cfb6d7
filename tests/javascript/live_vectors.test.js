// @ts-check
// The tracker of the Live page says what the one of the server says: tests/live_vectors.py made the numbers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { cropAround, nextCrop } from "../../gaitlab/ui/live/crop.js";
import { Follower } from "../../gaitlab/ui/live/following.js";
import { OneEuro } from "../../gaitlab/ui/live/one_euro.js";
import { pointsRecord } from "../../gaitlab/ui/live/points.js";
import { sampledSquare } from "../../gaitlab/ui/live/sampling.js";
import { nearestTo } from "../../gaitlab/ui/live/searching.js";

/** @import { Detection } from "../../gaitlab/ui/live/detection.js" */
/** @import { Square } from "../../gaitlab/ui/live/crop.js" */

const VECTORS = JSON.parse(readFileSync(new URL("../data/live_vectors.json", import.meta.url), "utf-8"));

/**
 * @param {number[]} got
 * @param {number[]} expected
 * @param {string} where
 */
function assertClose(got, expected, where) {
  assert.equal(got.length, expected.length, where);
  for (const [i, value] of got.entries())
    assert.ok(Math.abs(value - expected[i]) < 1e-5, `${where}: expected ${expected}, got ${got}`);
}

/**
 * Returns a body with all joints seen, moved so that its nose is at `x`.
 * @param {number} x
 * @param {Detection} body
 * @returns {Detection}
 */
function at(x, { xy }) {
  return { xy: xy.map(([across, down]) => [across - xy[0][0] + x, down]), score: xy.map(() => 0.8) };
}

/** @param {Square} square */
const numbers = ({ left, top, side }) => [left, top, side];

test("the square for the next frame is that of the server", () => {
  for (const [i, { xy, score, wh, next, around }] of VECTORS.crops.entries()) {
    assertClose(numbers(nextCrop(xy, score, wh)), next, `crop ${i}`);
    assertClose(numbers(cropAround(xy, score, wh)), around, `crop around ${i}`);
  }
});

test("a person is found, followed, lost and found again in the same frames and squares", async () => {
  const follower = new Follower();
  for (const { time_s, wh, xy, score, asked, seen } of VECTORS.following) {
    /** @type {Square[]} */
    const squares = [];
    const detection = await follower.follow(time_s, wh, async (square) => {
      squares.push(square);
      return { xy, score };
    });
    assert.equal(squares.length, asked.length, `looks at ${time_s}`);
    for (const [i, square] of squares.entries()) assertClose(numbers(square), asked[i], `square at ${time_s}`);
    assert.equal(detection !== null, seen, `seen at ${time_s}`);
  }
});

test("of several people the one who is pointed at is the server's", () => {
  for (const [i, { wh, people, at, chosen }] of VECTORS.choosing.entries())
    assert.equal(nearestTo(people, at, wh), people[chosen], `people ${i}`);
});

test("who is pointed at is looked for in squares around the place, and followed", async () => {
  const [{ people, wh }] = VECTORS.choosing;
  const [right, left] = [at(500, people[0]), at(100, people[0])];
  /** Sees who is in the middle of a square. @param {Square} square */
  const look = async ({ left: edge, side }) => (edge + side / 2 > 300 ? right : left);
  assert.equal(await new Follower([0.15, 0.5]).follow(0, wh, look), left);
  assert.equal(await new Follower([0.8, 0.5]).follow(0, wh, look), right);
});

test("where nobody is at the place, for four searches, the nearest one is followed", async () => {
  const [{ people, wh }] = VECTORS.choosing;
  const nobody = { xy: people[0].xy, score: people[0].score.map(() => 0) };
  const whole = at(300, people[0]);
  const follower = new Follower([0.1, 0.5]);
  /** Sees somebody only in the whole picture. @param {Square} square */
  const look = async ({ left, side }) => (left + side / 2 === wh[0] / 2 ? whole : nobody);
  for (const timeS of [0, 0.3, 0.6, 0.9]) await follower.follow(timeS, wh, look);
  assert.equal(follower.person, null);
  await follower.follow(1.2, wh, look);
  assert.notEqual(follower.person, null);
});

test("the skeleton is smoothed as by the server", () => {
  const { unit, rows } = VECTORS.smoothing;
  const filter = new OneEuro(unit);
  /** @param {(number | null)[]} values */
  const orZero = (values) => values.map((value) => value ?? 0);
  for (const { time_s, positions, smoothed } of rows) {
    const got = filter.smooth(
      time_s,
      positions.map((/** @type {number | null} */ value) => value ?? Number.NaN),
    );
    assert.deepEqual(
      got.map(Number.isNaN),
      smoothed.map((/** @type {number | null} */ value) => value === null),
    );
    assertClose(orZero(got.map((value) => (Number.isNaN(value) ? null : value))), orZero(smoothed), `at ${time_s}`);
  }
});

test("a square is cut out of the picture as by the server, to two grey levels of 255", () => {
  const { wh, size, squares, rgb } = VECTORS.sampling;
  const rgba = Uint8ClampedArray.from(VECTORS.sampling.rgba);
  for (const [i, [left, top, side]] of squares.entries()) {
    const got = sampledSquare({ rgba, wh }, { left, top, side }, size);
    const off = Math.max(...got.map((value, j) => Math.abs(value - rgb[i][j])));
    assert.ok(off <= 2, `square ${i}: ${off}`);
  }
});

test("the points of a frame are written as the server reads them, and zeros where nobody is", () => {
  const { number, time_s, wh, xy, score, hex } = VECTORS.record;
  const record = pointsRecord(number, { takenMs: 1000 * time_s, wh, detection: { xy, score } });
  assert.equal(Buffer.from(record).toString("hex"), hex);
  const nobody = pointsRecord(number, { takenMs: 1000 * time_s, wh, detection: null });
  assert.equal(Buffer.from(nobody).toString("hex"), hex.slice(0, 32).padEnd(hex.length, "0"));
});
