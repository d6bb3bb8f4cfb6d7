// @ts-check
// The points of a frame as the server reads them (points.py): 220 bytes, big-endian.

/** @import { Posed } from "./network_data.js" */

const POINTS = 17;
const RECORD_BYTES = 4 + 8 + 2 * 2 + POINTS * 3 * 4;

/**
 * Returns number, time in seconds, size of the picture, and x, y and score of each point; zeros where nobody is seen.
 * @param {number} number
 * @param {Posed} posed
 */
export function pointsRecord(number, { takenMs, wh, detection }) {
  const record = new DataView(new ArrayBuffer(RECORD_BYTES));
  record.setUint32(0, number);
  record.setFloat64(4, takenMs / 1000);
  record.setUint16(12, wh[0]);
  record.setUint16(14, wh[1]);
  for (let i = 0; detection && i < POINTS; i += 1) {
    const at = 16 + 12 * i;
    record.setFloat32(at, detection.xy[i][0]);
    record.setFloat32(at + 4, detection.xy[i][1]);
    record.setFloat32(at + 8, detection.score[i]);
  }
  return new Uint8Array(record.buffer);
}
