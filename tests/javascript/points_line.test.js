// @ts-check
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { PointsLine } from "../../gaitlab/ui/live/points_line.js";

/** @import { Result } from "../../gaitlab/ui/live/live_data.js" */

/** @typedef {Parameters<ConstructorParameters<typeof PointsLine>[0]>[1]} Heard */

/** A server of which the test says what it does. */
class Server {
  constructor() {
    /** @type {{ camera: string, hearers: Heard, sent: number[], code: number | null }[]} */
    this.connections = [];
    /** @type {string[]} */
    this.told = [];
    this.tokens = 0;
    const said = (/** @type {string} */ words) => this.told.push(words);
    this.line = new PointsLine(
      (camera, hearers) => {
        const one = { camera, hearers, sent: /** @type {number[]} */ ([]), code: /** @type {number | null} */ (null) };
        this.connections.push(one);
        return /** @type {any} */ ({
          send: (/** @type {Uint8Array} */ record) => one.sent.push(...record),
          close: (/** @type {number} */ code) => {
            one.code = code;
          },
        });
      },
      (go) => {
        this.tokens += 1;
        go();
      },
      1000,
      {
        onReady: () => said("ready"),
        onWaiting: (isWaiting) => said(isWaiting ? "waiting" : "back"),
        onForgotten: () => said("forgotten"),
        onResult: ({ count }) => said(`count ${count}`),
        onEnd: (reason) => said(`end: ${reason}`),
      },
    );
  }

  /** The newest connection. */
  get now() {
    return this.connections[this.connections.length - 1];
  }

  /** @param {number[]} numbers */
  film(...numbers) {
    for (const number of numbers) this.line.send(new Uint8Array([number]));
  }
}

/**
 * Lets time pass; what a timer starts begins with the end of a step.
 * @param {number} ms
 */
function pass(ms) {
  for (let passed = 0; passed < ms; passed += 500) mock.timers.tick(500);
}

/** @param {number} count */
const result = (count) => /** @type {Result} */ ({ count, cadence_spm: null, tempo_per_min: null, unit: "" });

/** @type {Server} */
let server;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  server = new Server();
  server.now.hearers.onReady("squatter", 0);
});

afterEach(() => {
  server.line.close();
  mock.timers.reset();
});

test("points are sent frame by frame while the server hears", () => {
  server.film(1, 2, 3);
  assert.deepEqual(server.now.sent, [1, 2, 3]);
  assert.deepEqual(server.told, ["ready"]);
});

test("when the connection breaks off points are kept and sent when it is back, from where the server was", () => {
  server.film(1, 2, 3);
  server.now.hearers.onHeard(2);
  server.now.hearers.onEnd(null, 1006);
  server.film(4, 5);
  pass(500);
  assert.equal(server.now.camera, "squatter");
  assert.deepEqual(server.now.sent, []);
  server.now.hearers.onReady("squatter", 2);
  server.film(6);
  assert.deepEqual(server.now.sent, [3, 4, 5, 6]);
});

test("a number is told again when the server knows of all that was kept", () => {
  server.film(1, 2);
  server.now.hearers.onEnd(null, 1006);
  server.film(3, 4);
  pass(500);
  server.now.hearers.onReady("squatter", 0);
  server.now.hearers.onHeard(2);
  server.now.hearers.onResult(result(1));
  assert.deepEqual(server.told, ["ready", "waiting"]);
  server.now.hearers.onHeard(4);
  server.now.hearers.onResult(result(2));
  assert.deepEqual(server.told, ["ready", "waiting", "back", "count 1", "count 2"]);
});

test("it tries again as long as the camera is on", () => {
  for (let i = 0; i < 5; i += 1) {
    server.now.hearers.onEnd(null, i % 2 ? 4429 : 1006); // the place was given to another one meanwhile
    pass(500);
  }
  assert.equal(server.connections.length, 6);
  assert.deepEqual(server.told, ["ready", "waiting"]);
});

test("who is owed an answer for four seconds begins anew, and says that the camera comes back", () => {
  server.film(1);
  pass(3500);
  assert.equal(server.connections.length, 1);
  pass(1500);
  assert.equal(server.connections.length, 2);
  assert.notEqual(server.connections[0].code, 1000);
  assert.notEqual(server.connections[0].code, null);
});

test("a camera that sends nothing is owed nothing", () => {
  server.film(1);
  server.now.hearers.onHeard(1);
  pass(60_000);
  server.film(2);
  pass(3000);
  assert.equal(server.connections.length, 1);
});

test("a server that was started anew gets all that is kept, and a loss is said", () => {
  server.film(...Array.from({ length: 1101 }, (_, i) => i % 256));
  server.now.hearers.onHeard(1101);
  server.now.hearers.onEnd(null, 1006);
  pass(500);
  server.now.hearers.onReady("another", 0);
  assert.equal(server.now.sent.length, 1000);
  assert.ok(server.told.includes("forgotten"));
});

test("a token that is over is renewed", () => {
  server.now.hearers.onEnd("The page was open for too long; reload it.", 4401);
  pass(500);
  assert.equal(server.tokens, 1);
  assert.equal(server.connections.length, 2);
});

test("what the server refuses for good ends it with its words", () => {
  server.now.hearers.onEnd("The page sends more frames than agreed; reload it.", 4413);
  pass(10_000);
  assert.equal(server.connections.length, 1);
  assert.equal(server.told.at(-1), "end: The page sends more frames than agreed; reload it.");
});

test("a server that was never ready ends it", () => {
  const other = new Server();
  other.now.hearers.onEnd(null, 1006);
  assert.deepEqual(other.told, ["end: null"]);
});
