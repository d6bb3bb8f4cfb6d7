// @ts-check
// The One-Euro filter of the drawn skeleton, as gaitlab/live/one_euro.py has it; tests/data/live_vectors.json holds both
// to the same numbers.

const CUTOFF_MIN_HZ = 2.5;
const BETA = 30;
const SPEED_CUTOFF_HZ = 1;

/**
 * Returns the weight of a new value in exponential smoothing with this cutoff.
 * @param {number} cutoffHz
 * @param {number} stepS
 */
function weightOf(cutoffHz, stepS) {
  const turns = 2 * Math.PI * cutoffHz * stepS;
  return turns / (turns + 1);
}

/** The state of the filter for any number of coordinates, each on its own. */
export class OneEuro {
  /** @param {number} unit length of the picture's longer side */
  constructor(unit) {
    this.unit = unit;
    this.timeS = -Infinity;
    /** @type {number[]} */
    this.values = [];
    /** @type {number[]} */
    this.speeds = [];
  }

  /**
   * Returns the smoothed positions. NaN = unknown: unknown in the result too, and the coordinate starts anew afterwards.
   * @param {number} timeS later than at the call before
   * @param {number[]} positions the same number at every call
   */
  smooth(timeS, positions) {
    const stepS = timeS - this.timeS;
    this.timeS = timeS;
    const known = positions.map((_, i) => Number.isFinite(this.values[i]) && Number.isFinite(positions[i]));
    const smoothed = positions.map((position, i) => {
      const value = position / this.unit;
      const before = known[i] ? this.values[i] : value;
      let speed = known[i] ? this.speeds[i] : 0;
      if (!Number.isFinite(stepS)) return { value, speed };
      speed += weightOf(SPEED_CUTOFF_HZ, stepS) * ((value - before) / stepS - speed);
      const cutoffHz = CUTOFF_MIN_HZ + BETA * Math.abs(speed);
      return { value: before + weightOf(cutoffHz, stepS) * (value - before), speed };
    });
    this.values = smoothed.map((one) => one.value);
    this.speeds = smoothed.map((one) => (Number.isFinite(one.speed) ? one.speed : 0));
    return this.values.map((value) => value * this.unit);
  }
}
