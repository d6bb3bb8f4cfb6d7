// @ts-check
// A frame on its way to the server, and how long the answers take.

const SIDE_MAX_PX = 640;
const UNDER_WAY_MAX = 2; // one at the server, one on its way
const UNANSWERED_MS = 5000;
const PACE_MS = 1000;

/**
 * Returns the size in which a picture is sent: its longer side has at most 640 pixels.
 * @param {number} wide
 * @param {number} high
 * @returns {[wide: number, high: number]}
 */
export function sizeToSend(wide, high) {
  const scale = Math.min(1, SIDE_MAX_PX / Math.max(wide, high));
  return [Math.round(wide * scale), Math.round(high * scale)];
}

/**
 * Returns what stands before the picture: its number in 4 bytes and its time in seconds in 8, both big-endian.
 * @param {number} number
 * @param {number} takenMs
 */
export function frameHeader(number, takenMs) {
  const header = new DataView(new ArrayBuffer(12));
  header.setUint32(0, number);
  header.setFloat64(4, takenMs / 1000);
  return header;
}

/**
 * Returns the value in the middle, of an even number of values the upper one.
 * @param {number[]} values at least one
 */
export function middle(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** The frames that were sent and not answered. */
export class FramesUnderWay {
  constructor() {
    this.number = 0;
    /** @type {Map<number, number>} number of a frame -> when it was taken, in ms */
    this.takenMs = new Map();
  }

  /**
   * Returns whether another frame may go; one that waits for its answer for too long counts no more.
   * @param {number} nowMs
   */
  hasRoom(nowMs) {
    for (const [number, takenMs] of this.takenMs) {
      if (nowMs - takenMs > UNANSWERED_MS) this.takenMs.delete(number);
    }
    return this.takenMs.size < UNDER_WAY_MAX;
  }

  /**
   * Notes one more frame and returns its number.
   * @param {number} takenMs
   */
  send(takenMs) {
    this.number += 1;
    this.takenMs.set(this.number, takenMs);
    return this.number;
  }

  /**
   * Returns when the frame was taken that is answered now, null when that is not known.
   * @param {number} number
   */
  answer(number) {
    const takenMs = this.takenMs.get(number) ?? null;
    for (const other of [...this.takenMs.keys()]) {
      if (other <= number) this.takenMs.delete(other); // an older one was dropped: it will not be answered
    }
    return takenMs;
  }
}

/** How many answers come in a second, and how late. */
export class Pace {
  /** @param {number} sinceMs */
  constructor(sinceMs) {
    this.sinceMs = sinceMs;
    /** @type {number[]} */
    this.delaysMs = [];
  }

  /**
   * Returns a sentence about the last second once it is over, else null.
   * @param {number} delayMs
   * @param {number} nowMs
   */
  note(delayMs, nowMs) {
    this.delaysMs.push(delayMs);
    const elapsedMs = nowMs - this.sinceMs;
    if (elapsedMs < PACE_MS) return null;
    const perSecond = Math.round((1000 * this.delaysMs.length) / elapsedMs);
    const sentence = `${perSecond} frames per second, ${Math.round(middle(this.delaysMs))} ms behind`;
    this.sinceMs = nowMs;
    this.delaysMs = [];
    return sentence;
  }
}
