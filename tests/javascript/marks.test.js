// @ts-check
// Corrections that marks make of a drag or a key.

import assert from "node:assert/strict";
import test from "node:test";
import { deleted, marksOn, movedEnd } from "../../gaitlab/ui/session/marks.js";

/** @type {import("../../gaitlab/ui/session/player_data.js").Mark} */
const STANCE = { label: "Left heel strike", side: "left", start_s: 1, end_s: 1.7, corrects: "contact" };

test("the left end of a bar is the heel strike, the right end the toe-off", () => {
  assert.deepEqual(movedEnd(STANCE, "start", 1.05), {
    kind: "move_contact",
    time_s: 1,
    to_s: 1.05,
    side: "left",
    contact: "heel_strike",
  });
  assert.equal(movedEnd(STANCE, "end", 1.6)?.contact, "toe_off");
  assert.equal(movedEnd(STANCE, "end", 1.6)?.time_s, 1.7);
});

test("an end never passes the other one", () => {
  assert.equal(movedEnd(STANCE, "start", 2)?.to_s, 1.68);
  assert.equal(movedEnd(STANCE, "end", 0.5)?.to_s, 1.02);
});

test("an end that comes back to where it was corrects nothing", () => {
  assert.equal(movedEnd(STANCE, "start", 1), null);
});

test("a heel strike is deleted at its time, a repetition in its middle", () => {
  assert.deepEqual(deleted(STANCE), { kind: "delete_contact", time_s: 1, side: "left", contact: "heel_strike" });
  assert.deepEqual(deleted({ ...STANCE, corrects: "repetition" }), { kind: "delete_repetition", time_s: 1.35 });
});

test("a page of the chart shows the marks that lie on it, begin on it or end on it", () => {
  /** @type {(start_s: number, end_s: number | null) => import("../../gaitlab/ui/session/player_data.js").Mark} */
  const mark = (start_s, end_s) => ({ ...STANCE, start_s, end_s });
  const marks = [mark(28, 29.9), mark(29, 30), mark(30, null), mark(40, 41), mark(60, 61), mark(60.1, null)];
  assert.deepEqual(marksOn(marks, [30, 60]), marks.slice(1, 5));
});
