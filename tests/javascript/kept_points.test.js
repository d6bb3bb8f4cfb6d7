// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptPoints } from "../../gaitlab/ui/live/kept_points.js";

/**
 * @param {number} count
 * @param {number} most
 */
function kept(count, most) {
  const points = new KeptPoints(most);
  for (let number = 1; number <= count; number += 1) points.add(new Uint8Array([number % 256]));
  return points;
}

/** @param {Uint8Array[]} messages */
const bytes = (messages) => messages.map((message) => [...message]);

test("what came after a frame is sent in its order", () => {
  assert.deepEqual(bytes(kept(5, 100).after(2)), [[3, 4, 5]]);
  assert.deepEqual(kept(5, 100).after(5), []);
});

test("a message holds as many frames as the server takes at once", () => {
  const lengths = kept(301, 1000)
    .after(0)
    .map((message) => message.length);
  assert.deepEqual(lengths, [150, 150, 1]);
});

test("of more frames than are kept the oldest are missing", () => {
  const points = kept(200, 10);
  assert.ok(points.first > 189 - 1 && points.first <= 191);
  const [message] = points.after(0);
  assert.equal(message[0], points.first);
  assert.equal(message.at(-1), 200);
});
