// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTES } from "../../gaitlab/ui/live/sounds.js";
import { Voice } from "../../gaitlab/ui/live/voice.js";

/** Speaks to a list; `end` ends what is spoken. */
class Listed {
  constructor() {
    /** @type {string[]} */
    this.spoken = [];
    this.end = () => {};
  }

  /**
   * @param {string} words
   * @param {() => void} onEnd
   */
  speak(words, onEnd) {
    this.spoken.push(words);
    this.end = onEnd;
  }

  silence() {
    this.spoken.push("(silence)");
  }
}

function switchedOn() {
  const speaker = new Listed();
  const voice = new Voice(speaker);
  voice.turn(true);
  return { speaker, voice };
}

test("a voice that nobody switched on says nothing", () => {
  const speaker = new Listed();
  new Voice(speaker).say("1");
  assert.deepEqual(speaker.spoken, []);
});

test("what comes while something is spoken waits, and only the newest of it", () => {
  const { speaker, voice } = switchedOn();
  for (const words of ["1", "2", "3"]) voice.say(words);
  assert.deepEqual(speaker.spoken, ["1"]);
  speaker.end();
  assert.deepEqual(speaker.spoken, ["1", "3"]);
  speaker.end();
  assert.deepEqual(speaker.spoken, ["1", "3"]);
});

test("a voice that is switched off is silent at once, and nothing waits", () => {
  const { speaker, voice } = switchedOn();
  voice.say("1");
  voice.say("2");
  const { end } = speaker;
  voice.turn(false);
  end();
  assert.deepEqual(speaker.spoken, ["1", "(silence)"]);
});

test("the end of what was silenced does not end what is spoken now", () => {
  const { speaker, voice } = switchedOn();
  voice.say("1");
  const { end } = speaker;
  voice.silence();
  voice.say("2");
  end();
  voice.say("3");
  assert.deepEqual(speaker.spoken, ["1", "(silence)", "2"]);
});

test("the same cue is said again after ten seconds, and another one at once", () => {
  const { speaker, voice } = switchedOn();
  for (const [cue, atMs] of /** @type {[string, number][]} */ ([
    ["Deeper.", 0],
    ["Deeper.", 9900],
    ["Deeper.", 10000],
    ["Good.", 10100],
  ])) {
    voice.sayCue(cue, atMs);
    speaker.end();
  }
  assert.deepEqual(speaker.spoken, ["Deeper.", "Deeper.", "Good."]);
});

test("no sound is as long as a second", () => {
  for (const notes of Object.values(NOTES)) for (const { atS, forS } of notes) assert.ok(atS + forS < 1);
});
