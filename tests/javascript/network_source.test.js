// @ts-check
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { NetworkSource } from "../../gaitlab/ui/live/network_source.js";

/**
 * Returns the source of a network whose files the server answers so.
 * @param {(address: string) => Response} answer
 */
function sourceWith(answer) {
  const asked = mock.method(globalThis, "fetch", async (/** @type {string} */ address) => answer(address));
  const files = { name: "", label: "", size: 1, tflite: "a.tflite", graph: "a.json", weights: "a.bin", check: "a.rgb" };
  return { source: new NetworkSource({ ...files, expected: [] }), asked };
}

afterEach(() => mock.restoreAll());

test("a file is fetched when it is asked for, and once", async () => {
  const { source, asked } = sourceWith(() => new Response(new Uint8Array([1, 2, 3])));
  assert.equal(asked.mock.callCount(), 0);
  assert.deepEqual(await source.checkPicture(), Int32Array.of(1, 2, 3));
  await source.checkPicture();
  assert.equal(asked.mock.callCount(), 1);
});

test("a graph says what TensorFlow.js asks for", async () => {
  const graph = { modelTopology: { node: [] }, weightsManifest: [{ weights: [{ name: "w" }] }], signature: { a: 1 } };
  const { source } = sourceWith((address) => new Response(address === "a.json" ? JSON.stringify(graph) : "1234"));
  const { modelTopology, weightSpecs, weightData, signature } = await source.graph();
  assert.deepEqual([modelTopology, weightSpecs, signature], [{ node: [] }, [{ name: "w" }], { a: 1 }]);
  assert.equal(weightData.byteLength, 4);
});

test("a file that does not come is a fault", async () => {
  const { source } = sourceWith(() => new Response("", { status: 404 }));
  await assert.rejects(source.tflite(), /did not come \(404\)/);
});
