// @ts-check
// Sets and rests without a page: the clock, what is seen and the server's count are given.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Coach, happeningWords, repetitionsWords, summary } from "../../gaitlab/ui/live/coach.js";

const PLAN = { sets: 2, repetitions: 3, rest_s: 60 };
const HERE = { inSight: true, handRaised: false };
const GONE = { inSight: false, handRaised: false };
const HAND = { inSight: true, handRaised: true };

/**
 * Shows the coach the same at 20 frames a second and returns what happens, with the moments.
 * @param {Coach} coach
 * @param {{ inSight: boolean, handRaised: boolean }} seen
 * @param {number} fromMs
 * @param {number} toMs
 */
function watch(coach, seen, fromMs, toMs) {
  const told = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 50)
    for (const one of coach.see(seen, nowMs)) told.push({ ...one, atMs: nowMs - fromMs });
  return told;
}

/** @param {import("../../gaitlab/ui/live/coach.js").Plan} plan */
function inFirstSet(plan = PLAN) {
  const coach = new Coach(plan);
  coach.go(0);
  return coach;
}

test("a set begins by itself when the person has been in sight for two seconds", () => {
  const coach = new Coach(PLAN);
  assert.deepEqual(watch(coach, HERE, 0, 1950), []);
  assert.deepEqual(coach.see(HERE, 2000), [{ kind: "start", set: 1 }]);
  assert.equal(coach.phase, "set");
});

test("a joint that is missed for a moment does not put the start off, and going away does", () => {
  for (const [missedMs, begins] of [
    [350, true],
    [450, false],
  ]) {
    const coach = new Coach(PLAN);
    watch(coach, HERE, 0, 1000);
    watch(coach, GONE, 1050, 1000 + Number(missedMs));
    assert.equal(watch(coach, HERE, 1050 + Number(missedMs), 2000).length === 1, begins);
  }
});

test("a set counts from the number that the server had at its start", () => {
  const coach = new Coach(PLAN);
  coach.hear(7, 0);
  coach.go(100);
  assert.deepEqual(coach.hear(8, 200), [{ kind: "count", n: 1 }]);
  assert.equal(coach.count, 1);
});

test("a repetition of before the set that the server takes back costs none of the set", () => {
  const coach = new Coach(PLAN);
  coach.hear(7, 0);
  coach.go(100);
  assert.deepEqual(coach.hear(6, 200), []);
  assert.deepEqual(coach.hear(7, 300), [{ kind: "count", n: 1 }]);
});

test("a count is told once, though it falls and rises again", () => {
  const coach = inFirstSet();
  coach.hear(2, 100);
  assert.deepEqual(coach.hear(1, 200), []);
  assert.equal(coach.count, 1);
  assert.deepEqual(coach.hear(2, 300), []);
});

test("when another person is followed the set begins anew, and the sets before it stay", () => {
  const coach = new Coach(PLAN);
  coach.go(0);
  coach.hear(3, 1000);
  coach.go(2000);
  coach.hear(5, 3000);
  coach.countAnew();
  assert.deepEqual([coach.count, coach.done], [0, [3]]);
  assert.deepEqual(coach.hear(1, 4000), [{ kind: "count", n: 1 }]);
});

test("a set ends with its last repetition, and the rest counts down to the next", () => {
  const coach = inFirstSet();
  assert.deepEqual(coach.hear(3, 1000), [{ kind: "end", set: 1, n: 3 }]);
  assert.equal(coach.leftS(1000), 60);
  assert.deepEqual(coach.tick(57000), []);
  assert.deepEqual(coach.tick(58000), [{ kind: "soon", left_s: 3 }]);
  assert.deepEqual(coach.tick(58500), []);
  assert.deepEqual(coach.tick(61000), [{ kind: "over", set: 2 }]);
  assert.equal(coach.phase, "ready");
});

test("what is done in a rest is not counted in the next set", () => {
  const coach = inFirstSet();
  coach.hear(3, 1000);
  assert.deepEqual(coach.hear(4, 2000), []);
  coach.go(3000);
  assert.equal(coach.count, 0);
  assert.deepEqual(coach.hear(5, 4000), [{ kind: "count", n: 1 }]);
});

test("the rest is over by the clock, however late it is looked at", () => {
  const coach = inFirstSet();
  coach.hear(3, 0);
  assert.deepEqual(coach.tick(600000), [{ kind: "over", set: 2 }]);
});

test("after the last set all is done, and it can be begun again", () => {
  const coach = inFirstSet({ ...PLAN, sets: 1 });
  assert.deepEqual(coach.hear(3, 0), [{ kind: "done", n: 3, total: 3 }]);
  assert.deepEqual(watch(coach, HERE, 0, 5000), []);
  assert.deepEqual(coach.go(6000), [{ kind: "start", set: 1 }]);
  assert.deepEqual(coach.done, []);
});

test("after the last set of an exercise of a programme the button and a raised hand go on to the next", () => {
  const coach = inFirstSet({ ...PLAN, sets: 1, next: "Lunges, 2 × 8" });
  coach.hear(3, 0);
  assert.deepEqual(coach.go(100), [{ kind: "next" }]);
  assert.deepEqual(watch(coach, HAND, 200, 1700), [{ kind: "next", atMs: 1500 }]);
  assert.deepEqual(coach.done, [3]); // they stay in sight until the next exercise begins
});

test("the summary tells the last time without a verdict, and what comes next", () => {
  const last = "Last time, 3 November: 28 repetitions.";
  assert.deepEqual(summary({ ...PLAN, next: "Lunges, 2 × 8" }, last, ["Squats 6"]), [
    "Last time, 3 November: 28 repetitions. Whether that is a change, the report of the saved session tells.",
    "Next: Lunges, 2 × 8.",
  ]);
  assert.deepEqual(summary(PLAN, null, []), []);
});

test("at the end of a programme all that was done is told", () => {
  assert.deepEqual(summary({ ...PLAN, next: null }, null, ["Squats 6", "Lunges 16"]), [
    "The programme is done: Squats 6, Lunges 16.",
  ]);
  assert.deepEqual(summary({ ...PLAN, next: null }, null, ["Squats 6"]), []);
});

test("a set ends when the person has been away for ten seconds; nine are a pause", () => {
  const coach = inFirstSet();
  coach.hear(2, 0);
  watch(coach, GONE, 0, 9950);
  assert.equal(coach.phase, "set");
  assert.deepEqual(coach.see(GONE, 10000), [{ kind: "end", set: 1, n: 2 }]);
  const other = inFirstSet();
  other.hear(2, 0);
  watch(other, GONE, 0, 9000);
  watch(other, HERE, 9050, 9100);
  assert.deepEqual(watch(other, GONE, 9150, 19000), []);
});

test("a set in which nothing was done waits for the person instead", () => {
  const coach = inFirstSet();
  assert.deepEqual(watch(coach, GONE, 0, 10000), []);
  assert.equal(coach.phase, "ready");
  assert.deepEqual(watch(coach, HERE, 10050, 12050), [{ kind: "start", set: 1, atMs: 2000 }]);
});

test("ten seconds without a frame are not ten seconds away", () => {
  const coach = inFirstSet();
  coach.hear(2, 0);
  coach.see(GONE, 0);
  assert.deepEqual(coach.see(GONE, 20000), []);
  assert.equal(coach.phase, "set");
});

test("a hand that is raised for a second and a half ends a set, once", () => {
  const coach = inFirstSet();
  coach.hear(2, 0);
  assert.deepEqual(watch(coach, HAND, 0, 4000), [{ kind: "end", set: 1, n: 2, atMs: 1500 }]);
});

test("a raised hand begins a set at once and skips a rest", () => {
  const coach = inFirstSet();
  coach.hear(3, 0);
  watch(coach, HERE, 0, 1000);
  assert.deepEqual(watch(coach, HAND, 1050, 2550), [{ kind: "start", set: 2, atMs: 1500 }]);
});

test("a set that was ended by hand with nothing done counts as a set: the next is not the same one again", () => {
  const coach = inFirstSet();
  assert.deepEqual(coach.go(100), [{ kind: "end", set: 1, n: 0 }]);
  assert.deepEqual(coach.done, [0]);
});

test("one repetition is one", () => {
  assert.deepEqual([1, 2].map(repetitionsWords), ["1 repetition", "2 repetitions"]);
});

test("what happens is said in full sentences, a count as a number", () => {
  assert.equal(happeningWords({ kind: "start", set: 1 }, PLAN), "Set 1 of 2: go.");
  assert.equal(happeningWords({ kind: "count", n: 2 }, PLAN), "2");
  assert.equal(happeningWords({ kind: "end", set: 1, n: 3 }, PLAN), "3. Set 1 of 2 is done. Rest for 1 minute.");
  assert.equal(happeningWords({ kind: "done", n: 3, total: 6 }, PLAN), "3. All is done: 2 sets, 6 in all.");
  assert.match(
    happeningWords({ kind: "end", set: 1, n: 3 }, { ...PLAN, rest_s: 95 }),
    /Rest for 1 minute 35 seconds\./,
  );
});
