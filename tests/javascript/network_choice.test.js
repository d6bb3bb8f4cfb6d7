// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isQuickEnough,
  largerDoes,
  largerMayDo,
  measuredMs,
  saysWhatItMust,
} from "../../gaitlab/ui/live/network_choice.js";

test("a network that reaches ten frames a second runs in the browser, a slower one does not", () => {
  assert.deepEqual([100, 100.1].map(isQuickEnough), [true, false]);
});

test("the larger network is chosen from twenty frames a second on, and tried where it may reach them", () => {
  assert.deepEqual([50, 50.1].map(largerDoes), [true, false]);
  assert.deepEqual([25, 25.1].map(largerMayDo), [true, false]);
});

test("half a second is measured after a first run that prepares", async () => {
  let nowMs = 0;
  const took = [3000, 100, 150, 200, 250];
  const run = async () => {
    nowMs += took.shift() ?? 0;
  };
  assert.equal(await measuredMs(run, () => nowMs), (100 + 150 + 200 + 250) / 4);
});

test("one run that takes longer than half a second is enough", async () => {
  let nowMs = 0;
  const run = async () => {
    nowMs += 700;
  };
  assert.equal(await measuredMs(run, () => nowMs), 700);
});

test("a network that says something else of the check picture is not used", () => {
  const expected = [0.5, 0.5, 0.9, 0.2, 0.3, 0.4];
  assert.ok(saysWhatItMust([0.509, 0.491, 0.81, 0.2, 0.3, 0.49], expected));
  assert.ok(!saysWhatItMust([0.511, 0.5, 0.9, 0.2, 0.3, 0.4], expected));
  assert.ok(!saysWhatItMust([0.5, 0.5, 0.79, 0.2, 0.3, 0.4], expected));
  assert.ok(!saysWhatItMust([Number.NaN, 0.5, 0.9, 0.2, 0.3, 0.4], expected));
  assert.ok(!saysWhatItMust([0.5], expected));
});
