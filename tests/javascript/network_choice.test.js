// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  comparedMs,
  inTime,
  isQuickEnough,
  largerDoes,
  largerMayDo,
  measuredMs,
  saysWhatItMust,
  threadsFor,
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

test("threads take half of the cores and not more than four, on a page that is kept apart only", () => {
  const cores = [1, 2, 3, 4, 6, 8, 16];
  assert.deepEqual(
    cores.map((n) => threadsFor(true, n)),
    [1, 1, 1, 2, 3, 4, 4],
  );
  assert.deepEqual(
    cores.map((n) => threadsFor(false, n)),
    cores.map(() => 1),
  );
  assert.equal(threadsFor(undefined, undefined), 1); // a browser that says neither
  assert.equal(threadsFor(true, undefined), 1);
});

test("several threads are chosen where they are at least 1.2 times as quick as one", () => {
  const one = comparedMs(60, 1);
  assert.deepEqual(
    [49.9, 50.1].map((ms) => comparedMs(ms, 2) < one),
    [true, false],
  );
  assert.equal(comparedMs(60, undefined), one); // a graphics processor
});

test("a part of the device that has not begun after ten seconds is not waited for", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {(said: boolean) => void} */
  let begin = () => {};
  const justInTime = inTime(new Promise((resolve) => (begin = resolve)));
  const tooLate = assert.rejects(inTime(new Promise(() => {})), /did not begin in time/);
  t.mock.timers.tick(9999);
  begin(true);
  assert.equal(await justInTime, true);
  t.mock.timers.tick(1);
  await tooLate;
});

test("a part of the device that says at once that it cannot is heard", async () => {
  await assert.rejects(inTime(Promise.reject(new Error("no memory"))), /no memory/);
});
