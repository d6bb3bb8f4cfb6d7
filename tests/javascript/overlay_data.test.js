// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { ofSide } from "../../gaitlab/ui/shared/overlay_data.js";

test("a side goes with its own movement, else with that of both, else with the only one", () => {
  assert.equal(ofSide({ left: 1, right: 2 }, "right"), 2);
  assert.equal(ofSide({ both: 3 }, "right"), 3);
  assert.equal(ofSide({ left: 1 }, "right"), 1);
  assert.equal(ofSide({}, "right"), undefined);
});
