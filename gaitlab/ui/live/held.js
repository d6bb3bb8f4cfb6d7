// @ts-check
// Whether something has held for some time, by what is seen from frame to frame.

const GAP_MS = 1000; // what was not looked at for so long may have been otherwise meanwhile (ours)

export class Held {
  /**
   * @param {number} forMs how long it must hold
   * @param {number} [graceMs] how long it may be missed in between
   */
  constructor(forMs, graceMs = 0) {
    this.forMs = forMs;
    this.graceMs = graceMs;
    /** @type {number | null} */
    this.sinceMs = null;
    this.seenMs = Number.NEGATIVE_INFINITY; // when it last held
    this.lookedMs = Number.NEGATIVE_INFINITY;
    this.isTold = false;
  }

  /**
   * Returns true once: when it has held for so long. It must end before it is told again.
   * @param {boolean} holds
   * @param {number} nowMs
   */
  update(holds, nowMs) {
    const isBroken = nowMs - this.lookedMs > GAP_MS || (!holds && nowMs - this.seenMs > this.graceMs);
    this.lookedMs = nowMs;
    if (isBroken) {
      this.sinceMs = null;
      this.isTold = false;
    }
    if (!holds) return false;
    this.seenMs = nowMs;
    if (this.sinceMs === null) this.sinceMs = nowMs;
    if (this.isTold || nowMs - this.sinceMs < this.forMs) return false;
    this.isTold = true;
    return true;
  }
}
