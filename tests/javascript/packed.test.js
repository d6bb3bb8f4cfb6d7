// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { unpacked } from "../../gaitlab/ui/shared/packed.js";

test("packed numbers are whole parts of a unit, low byte first, and one of them stands for unknown", () => {
  // 15, -2 and -32768 as 16-bit integers.
  const packed = btoa(String.fromCharCode(15, 0, 254, 255, 0, 128));
  assert.deepEqual(unpacked(packed, 10), [1.5, -0.2, null]);
});
