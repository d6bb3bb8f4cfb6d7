// @ts-check
// Numbers as packed.py sends them.

const UNKNOWN = -32768;

/**
 * Returns numbers that were packed as base64 of 16-bit integers, low byte first.
 * @param {string} packed
 * @param {number} perUnit
 * @returns {(number | null)[]}
 */
export function unpacked(packed, perUnit) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 2 }, (_, i) => {
    const whole = view.getInt16(2 * i, true);
    return whole === UNKNOWN ? null : whole / perUnit;
  });
}
