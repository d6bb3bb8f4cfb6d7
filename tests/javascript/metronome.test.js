// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Beats, rateOf, rateWords } from "../../gaitlab/ui/live/metronome.js";

test("a hundred and twenty beats a minute come every half second, each once", () => {
  const beats = new Beats(120, 10);
  assert.deepEqual(beats.due(9.9, 10.2), [10]);
  assert.deepEqual(beats.due(10, 10.3), []);
  assert.deepEqual(beats.due(10.3, 11.1), [10.5, 11]);
});

test("another rate begins at the last beat", () => {
  const beats = new Beats(120, 10);
  beats.due(10, 10.2);
  beats.perMin = 60;
  assert.deepEqual(beats.due(10.2, 11.5), [11]);
});

test("beats that were missed are not made up for, and the next stays in time", () => {
  const beats = new Beats(120, 10);
  assert.deepEqual(beats.due(12.1, 12.6), [12.5]);
});

test("a rate is the measured cadence and some percent, in whole steps", () => {
  assert.equal(rateOf(104, 5), 109);
  assert.equal(rateWords(104, 5), "109 a minute: your cadence + 5 %");
  assert.equal(rateWords(104, -10), "94 a minute: your cadence − 10 %");
  assert.equal(rateWords(103.6, 0), "104 a minute: your cadence");
});
