// @ts-check
// The way of a camera's points to the server. While the connection is broken they are kept; when it is back they are sent.

import { KeptPoints } from "./kept_points.js";

/** @import { Connection, Hearers } from "./connection.js" */
/** @import { Result } from "./live_data.js" */

const AGAIN_MS = 500; // from the end of a connection until the next try
const TOKEN_MS = 12000; // a new token needs the page to run once more
const UNHEARD_MS = 4000; // a connection in which nothing is heard for so long is broken
// Codes of the socket (conversations.py) after which the same again has no prospects.
const HOPELESS = [4400, 4413, 4500];
const BAD_TOKEN = 4401;
const COMES_BACK = 4000; // any but 1000: the server waits for the camera

/**
 * What the page does with the line.
 * @typedef {object} LineHearers
 * @property {() => void} onReady the first time that the server is ready
 * @property {(isWaiting: boolean) => void} onWaiting the connection broke off, or all that was kept is counted
 * @property {() => void} onForgotten the server knows only what is still kept
 * @property {(result: Result) => void} onResult
 * @property {(reason: string | null) => void} onEnd
 */

export class PointsLine {
  /**
   * @param {(camera: string, hearers: Pick<Hearers, "onReady" | "onHeard" | "onResult" | "onEnd">) => Connection} connect
   * @param {(again: () => void) => void} withNewToken
   * @param {number} keptMost frames
   * @param {LineHearers} hearers
   */
  constructor(connect, withNewToken, keptMost, hearers) {
    this.connect = connect;
    this.withNewToken = withNewToken;
    this.kept = new KeptPoints(keptMost);
    this.hearers = hearers;
    this.camera = ""; // its name at the server, once it has one
    this.isReady = false; // the server hears what is sent
    this.isWaiting = false;
    this.upTo = 0; // the frame with which the server knows all that happened while it heard nothing
    this.heard = 0; // number of the last frame that the server heard
    this.heardMs = 0; // when it said so, or when it began to owe an answer
    /** @type {Result | null} */
    this.latest = null;
    this.closed = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.open();
  }

  open() {
    if (this.closed) return;
    this.connection = this.connect(this.camera, {
      onReady: (camera, number) => this.ready(camera, number),
      onHeard: (number) => this.hear(number),
      onResult: (result) => this.tell(result),
      onEnd: (reason, code) => this.broken(reason, code),
    });
    this.heardMs = Date.now();
    this.watch();
  }

  /** A network that is gone says nothing: who is owed an answer for long begins anew. */
  watch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const isOwed = this.isReady ? this.heard < this.kept.last : this.camera !== "";
      if (isOwed && Date.now() - this.heardMs >= UNHEARD_MS) this.again();
      else this.watch();
    }, AGAIN_MS);
  }

  /**
   * @param {string} camera
   * @param {number} number of the frame that was heard last
   */
  ready(camera, number) {
    const isFirst = this.camera === "";
    const isForgotten = number === 0 && this.kept.first > 1;
    this.camera = camera;
    this.isReady = true;
    this.heard = number;
    this.heardMs = Date.now();
    this.upTo = this.kept.last;
    for (const message of this.kept.after(number)) this.connection?.send(message);
    if (isFirst) this.hearers.onReady();
    if (isForgotten) this.hearers.onForgotten();
  }

  /**
   * Sends the record of the next frame, or keeps it until the server hears again.
   * @param {Uint8Array<ArrayBuffer>} record
   */
  send(record) {
    if (this.heard === this.kept.last) this.heardMs = Date.now(); // nothing was owed until now
    this.kept.add(record);
    if (this.isReady) this.connection?.send(record);
  }

  /** @param {number} number */
  hear(number) {
    this.heard = number;
    this.heardMs = Date.now();
    if (!this.isWaiting || number < this.upTo) return;
    this.setWaiting(false);
    if (this.latest) this.hearers.onResult(this.latest);
  }

  /** @param {Result} result */
  tell(result) {
    this.latest = result;
    if (!this.isWaiting) this.hearers.onResult(result); // else it may not know of all yet
  }

  /**
   * @param {string | null} reason
   * @param {number} code
   */
  broken(reason, code) {
    if (HOPELESS.includes(code) || this.camera === "") this.end(reason);
    else if (code === BAD_TOKEN) {
      this.again(TOKEN_MS); // also where no new one comes
      this.withNewToken(() => this.again());
    } else this.again();
  }

  /**
   * Begins anew in a moment.
   * @param {number} [waitMs]
   */
  again(waitMs = AGAIN_MS) {
    clearTimeout(this.timer);
    this.connection?.close(COMES_BACK);
    this.isReady = false;
    if (this.closed) return;
    if (this.camera !== "") this.setWaiting(true);
    this.timer = setTimeout(() => this.open(), waitMs);
  }

  /** @param {boolean} isWaiting */
  setWaiting(isWaiting) {
    if (this.isWaiting === isWaiting) return;
    this.isWaiting = isWaiting;
    this.hearers.onWaiting(isWaiting);
  }

  /** @param {string | null} reason */
  end(reason) {
    this.close();
    this.hearers.onEnd(reason);
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.connection?.close();
  }
}
