// @ts-check
// The target tempo of a repetition: where the person should be, from the moment in which they leave rest.

/** @typedef {{ word: string, s: number }} TempoPart the way out, the hold at the turn, the way back, and the rest */

const AT_REST = 0.1; // of the way: below it the next repetition may begin (ours)
const LEAVES = 0.2; // of the way: above it a repetition has begun (ours)

export class TempoGuide {
  /** @param {TempoPart[]} parts */
  constructor(parts) {
    this.parts = parts;
    this.totalMs = 1000 * parts.reduce((sum, part) => sum + part.s, 0);
    this.isAtRest = true;
    /** @type {number | null} */
    this.sinceMs = null;
  }

  /**
   * Takes how far the person is on the way out.
   * @param {number} reach
   * @param {number} nowMs
   */
  see(reach, nowMs) {
    if (reach < AT_REST) this.isAtRest = true;
    else if (this.isAtRest && reach > LEAVES) {
      this.isAtRest = false;
      this.sinceMs = nowMs - 1000 * Math.min(reach, 1) * this.parts[0].s; // as if it had begun in time
    }
  }

  /**
   * Returns the share of the time that is over, the part, and where the person should be from rest, 0, to the turn, 1;
   * null before a repetition and after its time.
   * @param {number} nowMs
   */
  at(nowMs) {
    if (this.sinceMs === null || nowMs - this.sinceMs >= this.totalMs) return null;
    const overMs = nowMs - this.sinceMs;
    let beforeMs = 0;
    let part = 0;
    while (overMs - beforeMs >= 1000 * this.parts[part].s) {
      beforeMs += 1000 * this.parts[part].s;
      part += 1;
    }
    const share = (overMs - beforeMs) / (1000 * this.parts[part].s);
    return { share: overMs / this.totalMs, part, target: [share, 1, 1 - share, 0][part] };
  }
}

/**
 * Returns how long the parts of the last repetition took, in words.
 * @param {TempoPart[]} parts
 * @param {readonly number[]} phasesS of the way out, the hold and the way back
 */
export function phasesWords(parts, phasesS) {
  return `Last one: ${phasesS.map((s, i) => `${parts[i].word} ${s.toFixed(1)}`).join(", ")} s`;
}
