// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { Seeker } from "../../gaitlab/ui/shared/clip.js";

/** A clip as the browser plays it: a seek takes until `arrive`. */
class Clip extends EventTarget {
  readyState = 1;
  seeking = false;
  /** @type {number[]} */
  seeks = [];

  get currentTime() {
    return this.seeks[this.seeks.length - 1] ?? 0;
  }

  set currentTime(time) {
    this.seeks.push(time);
    this.seeking = true;
  }

  arrive() {
    this.seeking = false;
    this.dispatchEvent(new Event("seeked"));
  }
}

function clipAndSeeker() {
  const clip = new Clip();
  return { clip, seeker: new Seeker(/** @type {HTMLVideoElement} */ (/** @type {unknown} */ (clip))) };
}

test("a clip that rests is sought at once", () => {
  const { clip, seeker } = clipAndSeeker();
  seeker.to(2);
  assert.deepEqual(clip.seeks, [2]);
});

test("while a clip is on its way it is not sought again", () => {
  const { clip, seeker } = clipAndSeeker();
  seeker.to(2);
  seeker.to(3);
  assert.deepEqual(clip.seeks, [2]);
});

test("of the wishes on the way only the newest is kept", () => {
  const { clip, seeker } = clipAndSeeker();
  for (const time of [2, 3, 4, 5]) seeker.to(time);
  clip.arrive();
  clip.arrive();
  assert.deepEqual(clip.seeks, [2, 5]);
});

test("a clip without data is sought once there is some", () => {
  const { clip, seeker } = clipAndSeeker();
  clip.readyState = 0;
  seeker.to(2);
  assert.deepEqual(clip.seeks, []);
  clip.readyState = 2;
  clip.dispatchEvent(new Event("loadeddata"));
  assert.deepEqual(clip.seeks, [2]);
});

test("a clip without data has not arrived where it is wished", () => {
  const { clip, seeker } = clipAndSeeker();
  clip.readyState = 0;
  seeker.to(2);
  assert.equal(seeker.arrived, false);
});

test("a clip that is there already is not sought", () => {
  const { clip, seeker } = clipAndSeeker();
  seeker.to(2);
  clip.arrive();
  seeker.to(2.0005);
  assert.deepEqual(clip.seeks, [2]);
});

test("a clip has arrived when nothing is wished and nothing on its way", () => {
  const { clip, seeker } = clipAndSeeker();
  assert.equal(seeker.arrived, true);
  seeker.to(2);
  seeker.to(3);
  assert.equal(seeker.arrived, false);
  clip.arrive();
  assert.equal(seeker.arrived, false);
  clip.arrive();
  assert.equal(seeker.arrived, true);
});
