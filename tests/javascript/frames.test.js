// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { FramesUnderWay, frameHeader, middle, Pace, sizeToSend } from "../../gaitlab/ui/live/frames.js";

test("a large picture is sent with 640 pixels on its longer side", () => {
  assert.deepEqual(sizeToSend(1920, 1080), [640, 360]);
  assert.deepEqual(sizeToSend(1080, 1920), [360, 640]);
});

test("a small picture is sent as it is", () => {
  assert.deepEqual(sizeToSend(320, 240), [320, 240]);
});

test("a frame's header is its number and its time in seconds, big-endian", () => {
  const header = frameHeader(258, 1500);
  assert.equal(header.byteLength, 12);
  assert.deepEqual([...new Uint8Array(header.buffer, 0, 4)], [0, 0, 1, 2]);
  assert.equal(header.getFloat64(4, false), 1.5);
});

test("two frames may be under way and no third", () => {
  const frames = new FramesUnderWay();
  frames.send(0);
  assert.equal(frames.hasRoom(40), true);
  frames.send(40);
  assert.equal(frames.hasRoom(80), false);
});

test("an answer makes room and tells when its frame was taken", () => {
  const frames = new FramesUnderWay();
  const first = frames.send(0);
  frames.send(40);
  assert.equal(frames.answer(first), 0);
  assert.equal(frames.hasRoom(80), true);
});

test("an answer ends the waiting for the frames before it", () => {
  const frames = new FramesUnderWay();
  frames.send(0);
  frames.answer(frames.send(40));
  assert.equal(frames.takenMs.size, 0);
});

test("an answer to a frame nobody waits for has no time", () => {
  const frames = new FramesUnderWay();
  assert.equal(frames.answer(7), null);
});

test("a frame that gets no answer for five seconds no longer takes room", () => {
  const frames = new FramesUnderWay();
  frames.send(0);
  frames.send(40);
  assert.equal(frames.hasRoom(5000), false);
  assert.equal(frames.hasRoom(5001), true);
});

test("the middle of values is not their mean, and they stay in their order", () => {
  const values = [900, 10, 30];
  assert.equal(middle(values), 30);
  assert.deepEqual(values, [900, 10, 30]);
});

test("the middle of an even number of values is the upper one", () => {
  assert.equal(middle([4, 1, 3, 2]), 3);
});

test("numbers are put in order as numbers, not as words", () => {
  assert.equal(middle([10, 9, 8]), 9);
});

test("the pace is told once a second, with the delay in the middle", () => {
  const pace = new Pace(0);
  assert.equal(pace.note(30, 400), null);
  assert.equal(pace.note(90, 800), null);
  assert.equal(pace.note(50, 1000), "3 frames per second, 50 ms behind");
});

test("each second is told for itself", () => {
  const pace = new Pace(0);
  pace.note(30, 1000);
  pace.note(80, 1500);
  assert.equal(pace.note(80, 3000), "1 frames per second, 80 ms behind");
});
