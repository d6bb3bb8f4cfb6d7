// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { BrowserNetwork } from "../../gaitlab/ui/live/network.js";

/** @type {{ kind: string, takenMs?: number }[]} what the worker was sent */
let sent = [];
/** @type {number[]} pictures that were let go, by the time they were taken */
let closed = [];
/** @type {(data: object) => void} */
let answer = () => {};

class QuietWorker extends EventTarget {
  constructor() {
    super();
    answer = (data) => this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  /** @param {{ kind: string, takenMs?: number }} message */
  postMessage(message) {
    sent.push(message);
  }

  terminate() {}
}

const scope = /** @type {any} */ (globalThis);
scope.Worker = QuietWorker;

/** @param {{ nowMs: number }} video */
scope.createImageBitmap = async ({ nowMs }) => ({ close: () => closed.push(nowMs) });

/** Returns a network that looks at the picture of 0 ms. */
async function looking() {
  const network = new BrowserNetwork(/** @type {any} */ ({ worker: "worker.js" }));
  network.start(
    null,
    () => {},
    () => {},
  );
  await shown(network, 0);
  return network;
}

/**
 * @param {BrowserNetwork} network
 * @param {number} nowMs
 */
const shown = (network, nowMs) => network.look(/** @type {any} */ ({ videoWidth: 640, nowMs }), nowMs);
const looks = () => sent.filter(({ kind }) => kind === "frame").map(({ takenMs }) => takenMs);

beforeEach(() => {
  [sent, closed] = [[], []];
});

afterEach(() => mock.restoreAll());

/** Returns a function that sets the time. */
function clock() {
  let ms = 0;
  mock.method(performance, "now", () => ms);
  return (/** @type {number} */ nowMs) => {
    ms = nowMs;
  };
}

test("while the network looks at a picture, the newest that comes waits and the others are let go", async () => {
  const network = await looking();
  await shown(network, 33);
  await shown(network, 67);
  assert.deepEqual([looks(), closed], [[0], [33]]);
  answer({ kind: "pose" });
  assert.deepEqual(looks(), [0, 67]);
});

test("a network that has nothing to do looks at the next picture at once", async () => {
  const network = await looking();
  answer({ kind: "pose" });
  await shown(network, 33);
  assert.deepEqual(looks(), [0, 33]);
});

test("what waits is let go when somebody else is chosen", async () => {
  const network = await looking();
  await shown(network, 33);
  network.start(
    [0.5, 0.5],
    () => {},
    () => {},
  );
  answer({ kind: "pose" });
  assert.deepEqual([looks(), closed], [[0], [33]]);
});

test("a picture that a later one would replace before the look is over is not made", async () => {
  const at = clock();
  const network = await looking();
  for (const lookMs of Array.from({ length: 30 }, (_, i) => 100 * i)) {
    at(lookMs + 100); // each look takes 100 ms
    answer({ kind: "pose" });
    await shown(network, lookMs + 100);
  }
  [sent, closed] = [[], []];
  at(3000 + 58);
  await shown(network, 3058);
  at(3000 + 62);
  await shown(network, 3062);
  answer({ kind: "pose" });
  assert.deepEqual([looks(), closed], [[3062], []]);
});
