// @ts-check
// What is spoken: one sentence at a time. What comes meanwhile waits, and only the newest of it.

/**
 * What speaks: `speechSynthesis` in a browser.
 * @typedef {object} Speaker
 * @property {(words: string, onEnd: () => void) => void} speak
 * @property {() => void} silence
 */

const CUE_AGAIN_MS = 10000; // the same cue sooner is nagging (ours)

export class Voice {
  /** @param {Speaker} speaker */
  constructor(speaker) {
    this.speaker = speaker;
    this.isOn = false;
    this.isSpeaking = false;
    this.utterance = 0; // the end of one that was silenced may come late
    /** @type {string | null} */
    this.waiting = null;
    this.cue = "";
    this.cueMs = Number.NEGATIVE_INFINITY;
  }

  /** @param {boolean} on */
  turn(on) {
    this.isOn = on;
    if (!on) this.silence();
  }

  silence() {
    this.waiting = null;
    this.isSpeaking = false;
    this.utterance += 1;
    this.cue = "";
    this.speaker.silence();
  }

  /** @param {string} words */
  say(words) {
    if (!this.isOn) return;
    if (this.isSpeaking) {
      this.waiting = words;
      return;
    }
    this.isSpeaking = true;
    this.utterance += 1;
    const mine = this.utterance;
    this.speaker.speak(words, () => {
      if (mine === this.utterance) this.next();
    });
  }

  /**
   * Says a cue when it is another one, or a while after it was said.
   * @param {string} cue
   * @param {number} nowMs
   */
  sayCue(cue, nowMs) {
    if (!this.isOn || (cue === this.cue && nowMs - this.cueMs < CUE_AGAIN_MS)) return;
    this.cue = cue;
    this.cueMs = nowMs;
    this.say(cue);
  }

  next() {
    const words = this.waiting;
    this.isSpeaking = false;
    this.waiting = null;
    if (words !== null) this.say(words);
  }
}

/**
 * Returns the voice of the browser; null where it has none.
 * @returns {Speaker | null}
 */
export function browserSpeaker() {
  const synthesis = window.speechSynthesis;
  if (!synthesis) return null;
  return {
    speak: (words, onEnd) => {
      const utterance = new SpeechSynthesisUtterance(words);
      utterance.lang = "en";
      utterance.addEventListener("end", onEnd);
      utterance.addEventListener("error", onEnd);
      synthesis.speak(utterance);
    },
    silence: () => synthesis.cancel(),
  };
}
