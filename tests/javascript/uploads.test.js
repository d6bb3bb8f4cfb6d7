// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, Uploads } from "../../gaitlab/ui/analyse/uploads.js";

/** @import { BoxData, Fate, Item, Transfer } from "../../gaitlab/ui/analyse/uploads.js" */

const MB = 1024 * 1024;

/** A box that notes what it shows and tells. */
class Box {
  constructor() {
    /** @type {string[]} */
    this.shown = [];
    /** @type {unknown[]} */
    this.told = [];
    this.renewals = 0;
  }

  /** @param {readonly Item[]} items */
  draw(items) {
    this.shown = items.map((item) => item.file.name + (item.failed && " failed"));
  }

  /** @type {(name: string, value: unknown) => void} */
  tell(_name, value) {
    this.told.push(value);
  }

  ask() {
    this.renewals++;
  }
}

/** Transfers that go on until the test ends them. */
class Wire {
  constructor() {
    /** @type {{ name: string, fate: Fate }[]} */
    this.begun = [];
    this.stopped = 0;
    /** @type {Transfer} */
    this.transfer = (file, _data, fate) => {
      this.begun.push({ name: file.name, fate });
      return () => this.stopped++;
    };
  }

  get names() {
    return this.begun.map((one) => one.name);
  }

  get last() {
    const last = this.begun.at(-1);
    assert(last);
    return last.fate;
  }
}

/**
 * @param {string[]} held
 * @param {number} token_ms
 * @param {string} token
 * @returns {BoxData}
 */
function data(held = [], token_ms = 120000, token = "token") {
  return { url: "/", token_header: "T", token, token_ms, limit_mb: 1, accept: "", held };
}

/** @param {string[]} names */
function clips(...names) {
  return names.map((name) => new File(["a"], name));
}

test("an empty file is not uploaded", () => {
  assert.match(refusal(0, 10) ?? "", /empty/);
});

test("a file of exactly the limit is uploaded, a byte more is not", () => {
  assert.equal(refusal(10 * MB, 10), null);
  assert.match(refusal(10 * MB + 1, 10) ?? "", /larger than 10 MB/);
});

test("clips travel on while no box is there, however long, and the next box is told of all", () => {
  const [wire, first, second] = [new Wire(), new Box(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(first, data());
  uploads.take(clips("one", "two", "three"));
  wire.last.held("1");
  uploads.hide(first);
  wire.last.held("2");
  assert.deepEqual([wire.names, wire.stopped], [["one", "two", "three"], 0]);
  uploads.show(second, data());
  assert.deepEqual([second.shown, second.told], [["three"], [["1", "2"]]]);
  wire.last.held("3");
  assert.deepEqual([second.shown, second.told.at(-1)], [[], ["1", "2", "3"]]);
  assert.deepEqual(first.told, [["1"]]);
});

test("a box that comes before the old one goes keeps the clips", () => {
  const [wire, first, second] = [new Wire(), new Box(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(first, data());
  uploads.take(clips("one", "two"));
  uploads.show(second, data());
  uploads.hide(first);
  wire.last.held("1");
  assert.deepEqual([second.shown, second.told], [["two"], [["1"]]]);
});

test("a clip is told of until the page has taken it in, and no longer", () => {
  const [wire, first, second, third] = [new Wire(), new Box(), new Box(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(first, data());
  uploads.take(clips("one", "two"));
  wire.last.held("1");
  uploads.show(first, data(["1"]));
  wire.last.held("2");
  assert.deepEqual(first.told, [["1"], ["2"]]);
  uploads.show(second, data(["1"])); // the page was left before it took in the second
  assert.deepEqual(second.told, [["2"]]);
  uploads.show(third, data(["1", "2"]));
  assert.deepEqual(third.told, []);
});

test("the page is told nothing while the user leaves it, since that would call it back", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const [wire, first, second] = [new Wire(), new Box(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(first, data());
  uploads.take(clips("one", "two"));
  uploads.leave();
  wire.last.held("1");
  uploads.show(first, data([], 120000, "new")); // a run of the page that was on its way already
  assert.deepEqual([first.told, wire.names], [[], ["one", "two"]]);
  uploads.hide(first);
  uploads.show(second, data());
  assert.deepEqual(second.told, [["1"]]);
});

test("a page that stays after all is told in the end", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const [wire, box] = [new Wire(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(box, data());
  uploads.take(clips("one"));
  uploads.leave();
  wire.last.held("1");
  context.mock.timers.tick(10000);
  assert.deepEqual(box.told, [["1"]]);
});

test("a clip waits while the server has too many on their way", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const [wire, box] = [new Wire(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(box, data());
  uploads.take(clips("one"));
  wire.last.busy();
  uploads.take(clips("two"));
  assert.deepEqual([wire.names, box.shown], [["one"], ["one", "two"]]);
  context.mock.timers.tick(1000);
  assert.deepEqual(wire.names, ["one", "one"]);
});

test("a clip that failed is named, also in the next box when none was there, and does not stop the others", () => {
  const [wire, first, second, third] = [new Wire(), new Box(), new Box(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(first, data());
  uploads.take([...clips("one"), new File([], "empty"), ...clips("two")]);
  assert.deepEqual(first.shown, ["one", "empty failed", "two"]);
  uploads.hide(first);
  wire.last.failed("the connection broke");
  uploads.show(second, data());
  assert.deepEqual(
    [second.shown, wire.names],
    [
      ["one failed", "two"],
      ["one", "two"],
    ],
  );
  uploads.hide(second);
  uploads.show(third, data());
  assert.deepEqual(third.shown, ["two"]);
});

test("a cancelled clip is stopped and the next one goes", () => {
  const [wire, box] = [new Wire(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(box, data());
  uploads.take(clips("one", "two"));
  const [one] = uploads.items;
  assert(one);
  uploads.cancel(one);
  wire.begun[0]?.fate.held("1"); // too late
  assert.deepEqual([wire.names, wire.stopped, box.shown, box.told], [["one", "two"], 1, ["two"], []]);
});

test("a clip waits for a new token, and asks for it once", () => {
  const [wire, box] = [new Wire(), new Box()];
  const uploads = new Uploads(wire.transfer);
  uploads.show(box, data([], 0));
  uploads.take(clips("one"));
  uploads.take(clips("two"));
  assert.deepEqual([wire.names, box.renewals], [[], 1]);
  uploads.show(box, data([], 120000, "new"));
  assert.deepEqual(wire.names, ["one"]);
});
