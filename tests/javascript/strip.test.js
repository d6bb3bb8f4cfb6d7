// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { inSight, stretchOf, tileAt, tileNear, windowsAround } from "../../gaitlab/ui/session/strip.js";
import { Packed } from "../../gaitlab/ui/shared/packed.js";

/** @import { Tile } from "../../gaitlab/ui/session/player_data.js" */

/** @type {(start_s: number, key_s: number, end_s: number) => Tile} */
const tile = (start_s, key_s, end_s) => ({
  start_s,
  key_s,
  end_s,
  label: "",
  words: "",
  side: "left",
  corrects: "contact",
});

const STEPS = [tile(1, 1, 2.2), tile(1.6, 1.6, 2.8), tile(2.2, 2.2, 3.4)];
const REPETITIONS = [tile(0.5, 2, 3.5), tile(4.5, 6, 7.5)];

test("of steps that overlap the one that began last is the current one", () => {
  const at = [0.9, 1, 1.59, 1.6, 2.2, 3.4, 3.5].map((time) => tileAt(STEPS, time));
  assert.deepEqual(at, [-1, 0, 0, 1, 2, 2, -1]);
});

test("between two repetitions none is the current one, and the nearest turn is where the keyboard begins", () => {
  assert.deepEqual(
    [0.5, 3.5, 4, 4.5].map((time) => tileAt(REPETITIONS, time)),
    [0, 0, -1, 1],
  );
  assert.deepEqual(
    [0, 3.9, 4.1].map((time) => tileNear(REPETITIONS, time)),
    [0, 0, 1],
  );
});

test("a tile without a length is current at its moment only, and no tile is nowhere", () => {
  assert.deepEqual(
    [1, 1.01].map((time) => tileAt([tile(1, 1, 1)], time)),
    [0, -1],
  );
  assert.deepEqual([tileAt([], 1), tileNear([], 1)], [-1, -1]);
});

test("all bodies are drawn at one scale, that of the tallest or widest", () => {
  // 40 high; 20 high and 40 wide, which in a picture twice as wide as high needs as much room as 20 high. A quarter
  // more is 50, of which the head has 5 above the middle.
  const windows = windowsAround(
    [
      [0, 0, 10, 40],
      [100, 100, 140, 120],
      [-32768, -32768],
    ].map((pose) => new Packed(Int16Array.from(pose), 1)),
    2,
  );
  const [tall, wide, nobody] = windows;
  assert.deepEqual(tall, [5 - 50, 20 - 2.5 - 25, 5 + 50, 20 - 2.5 + 25]);
  assert.deepEqual(wide, [120 - 50, 110 - 2.5 - 25, 120 + 50, 110 - 2.5 + 25]);
  assert.equal(nobody, null);
});

test("the curve of a tile is that from its start to its end", () => {
  const { times, values } = stretchOf([0, 1, 2, 3, 4], [10, 11, null, 13, 14], 0.9, 3.2);
  assert.deepEqual(times, [1, 2, 3]);
  assert.deepEqual(values, [11, null, 13]);
});

test("only tiles in sight and a few beside them are drawn, of 2 as of 1,000", () => {
  assert.deepEqual(inSight(800, 400, 80, 1000), [7, 18]);
  assert.deepEqual(inSight(0, 400, 80, 2), [0, 2]);
  assert.deepEqual(inSight(0, 0, 0, 1000), [0, 0]);
});
