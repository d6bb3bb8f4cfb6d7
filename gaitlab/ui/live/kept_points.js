// @ts-check
// The points of a camera that the browser keeps, so that none is lost when the connection to the server breaks off.

const AT_ONCE_MAX = 150; // frames in one message, as the server takes them (LIVE_POINTS_MAX)

export class KeptPoints {
  /** @param {number} most frames that are kept; the oldest give way */
  constructor(most) {
    this.most = most;
    /** @type {Uint8Array<ArrayBuffer>[]} */
    this.records = [];
    this.last = 0; // number of the newest frame; they count from 1
  }

  /**
   * Keeps the record of the next frame.
   * @param {Uint8Array<ArrayBuffer>} record
   */
  add(record) {
    this.last += 1;
    this.records.push(record);
    if (this.records.length > 1.1 * this.most) this.records.splice(0, this.records.length - this.most);
  }

  /** The number of the oldest frame that is kept. */
  get first() {
    return this.last - this.records.length + 1;
  }

  /**
   * Returns the messages with all that came after a frame, as far as it is kept.
   * @param {number} number
   * @returns {Uint8Array<ArrayBuffer>[]}
   */
  after(number) {
    const records = this.records.slice(Math.max(0, number + 1 - this.first));
    const messages = [];
    for (let i = 0; i < records.length; i += AT_ONCE_MAX) messages.push(joined(records.slice(i, i + AT_ONCE_MAX)));
    return messages;
  }
}

/**
 * @param {Uint8Array<ArrayBuffer>[]} records
 * @returns {Uint8Array<ArrayBuffer>}
 */
function joined(records) {
  const whole = new Uint8Array(records.reduce((bytes, record) => bytes + record.length, 0));
  let at = 0;
  for (const record of records) {
    whole.set(record, at);
    at += record.length;
  }
  return whole;
}
