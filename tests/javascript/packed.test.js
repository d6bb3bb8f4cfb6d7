// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Packed, unpacked } from "../../gaitlab/ui/shared/packed.js";

test("packed numbers are whole parts of a unit, low byte first, and one of them stands for unknown", () => {
  // 15, -2 and -32768 as 16-bit integers.
  const packed = btoa(String.fromCharCode(15, 0, 254, 255, 0, 128));
  const values = unpacked(packed, 10);
  assert.equal(values.length, 3);
  assert.deepEqual(values.slice(0, 3), [1.5, -0.2, null]);
  assert.equal(values.at(1), -0.2);
  assert.equal(values.part(1, 3).at(1), null);
  assert.deepEqual(values.part(1, 3).slice(0, 1), [-0.2]);
  assert.equal(values.at(3), null);
});

test("the limits of packed numbers leave out what is unknown", () => {
  const values = new Packed(Int16Array.from([15, -32768, -20]), 10);
  assert.deepEqual(values.limits(), [-2, 1.5]);
  assert.deepEqual(values.part(1, 2).limits(), []);
});
