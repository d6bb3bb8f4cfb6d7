// @ts-check
// Tempo 4-2-1-0: four seconds down, two of hold, one up, none at the top.

import assert from "node:assert/strict";
import { test } from "node:test";
import { heightOf } from "../../gaitlab/ui/live/range_meter.js";
import { phasesWords, TempoGuide } from "../../gaitlab/ui/live/tempo.js";

const PARTS = [
  { word: "down", s: 4 },
  { word: "hold", s: 2 },
  { word: "up", s: 1 },
  { word: "hold", s: 0 },
];

/** Returns a guide whose person leaves rest at 0 ms, a quarter of the way out at 1000 ms. */
function begun() {
  const guide = new TempoGuide(PARTS);
  guide.see(0, 900);
  guide.see(0.25, 1000);
  return guide;
}

test("before somebody leaves rest there is no target", () => {
  const guide = new TempoGuide(PARTS);
  guide.see(0.19, 1000);
  assert.equal(guide.at(1000), null);
});

test("the target begins where the person is when they leave rest", () => {
  assert.deepEqual(begun().at(1000), { share: 1 / 7, part: 0, target: 0.25 });
});

test("the target goes down, holds, goes up and is over", () => {
  const guide = begun();
  assert.equal(guide.at(2000)?.target, 0.5);
  assert.deepEqual(guide.at(4000), { share: 4 / 7, part: 1, target: 1 });
  assert.deepEqual(guide.at(6250), { share: 6.25 / 7, part: 2, target: 0.75 });
  assert.equal(guide.at(7000), null);
});

test("a part without time is passed over", () => {
  const guide = new TempoGuide([PARTS[0], { word: "hold", s: 0 }, PARTS[2], PARTS[1]]);
  guide.see(0.25, 1000);
  assert.equal(guide.at(4500)?.part, 2);
});

test("the next repetition begins its time anew, once the person was at rest", () => {
  const guide = begun();
  guide.see(0.11, 3000);
  guide.see(0.25, 3100);
  assert.ok(Math.abs((guide.at(3100)?.share ?? 0) - 3.1 / 7) < 1e-9);
  guide.see(0.09, 3200);
  guide.see(0.25, 4000);
  assert.equal(guide.at(4000)?.share, 1 / 7);
});

test("the last repetition is told by the words of the tempo", () => {
  assert.equal(phasesWords(PARTS, [2.1, 0, 1]), "Last one: down 2.1, hold 0.0, up 1.0 s");
});

test("a full way fills four fifths of the meter: above it is the band, and nothing is above the meter", () => {
  assert.equal(heightOf(1), 0.8);
  assert.equal(heightOf(-0.2), 0);
  assert.equal(heightOf(2), 1);
});
