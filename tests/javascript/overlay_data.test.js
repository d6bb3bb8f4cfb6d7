// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { firstJoint, ofSide, sideOfMovement } from "../../gaitlab/ui/shared/overlay_data.js";

test("a side goes with its own movement, else with that of both, never with that of the other side", () => {
  assert.equal(ofSide({ left: 1, right: 2 }, "right"), 2);
  assert.equal(ofSide({ both: 3 }, "right"), 3);
  assert.equal(ofSide({ left: 1 }, "right"), undefined);
  assert.equal(ofSide({}, "right"), undefined);
});

test("the trunk is shown with the first side that all have, a side with its own movement", () => {
  assert.equal(sideOfMovement(["right"], "both"), "right");
  assert.equal(sideOfMovement(["left", "right"], "right"), "right");
  assert.equal(sideOfMovement(["both"], "left"), "left");
});

test("an exercise without a main angle begins with one that is known", () => {
  const hip = { joint: "hip", chosen: false };
  const knee = { joint: "knee", chosen: true };
  assert.equal(firstJoint([hip], ""), "hip");
  assert.equal(firstJoint([hip, knee], ""), "knee");
  assert.equal(firstJoint([hip, knee], "hip"), "hip");
  assert.equal(firstJoint([], "hip"), "");
});
