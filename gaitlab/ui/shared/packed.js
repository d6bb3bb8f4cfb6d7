// @ts-check
// Numbers as packed.py sends them.

const UNKNOWN = -32768;

/** Numbers that stay packed and are read where they are looked at: of an hour there are 800,000. Null is unknown. */
export class Packed {
  /**
   * @param {Int16Array} whole
   * @param {number} perUnit
   */
  constructor(whole, perUnit) {
    this.whole = whole;
    this.perUnit = perUnit;
  }

  get length() {
    return this.whole.length;
  }

  /**
   * @param {number} index
   * @returns {number | null}
   */
  at(index) {
    const whole = this.whole[index] ?? UNKNOWN;
    return whole === UNKNOWN ? null : whole / this.perUnit;
  }

  /**
   * Returns some of the numbers as an array.
   * @param {number} first
   * @param {number} end
   */
  slice(first, end) {
    return Array.from(this.whole.subarray(first, end), (_, i) => this.at(first + i));
  }

  /**
   * Returns some of the numbers, which stay packed.
   * @param {number} first
   * @param {number} end
   */
  part(first, end) {
    return new Packed(this.whole.subarray(first, end), this.perUnit);
  }

  /**
   * Returns the lowest and the highest number; nothing where all are unknown.
   * @returns {number[]}
   */
  limits() {
    let [low, high] = [Infinity, -Infinity];
    for (const whole of this.whole) {
      if (whole === UNKNOWN) continue;
      low = Math.min(low, whole);
      high = Math.max(high, whole);
    }
    return low > high ? [] : [low / this.perUnit, high / this.perUnit];
  }
}

/**
 * Returns numbers that were packed as base64 of 16-bit integers, low byte first.
 * @param {string} packed
 * @param {number} perUnit
 */
export function unpacked(packed, perUnit) {
  const bytes = atob(packed);
  const whole = new Int16Array(bytes.length / 2);
  for (let i = 0; i < whole.length; i += 1) whole[i] = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
  return new Packed(whole, perUnit);
}
