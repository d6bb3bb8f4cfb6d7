// @ts-check
// The socket of the Live page: it sends frames of a video, or points, and hears the answers.

import { FramesUnderWay, frameHeader, sizeToSend } from "./frames.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Points } from "./drawing.js" */
/** @import { Message, Reach, Result } from "./live_data.js" */

/**
 * What is done with the answers; nothing after `close`.
 * @typedef {object} Hearers
 * @property {(camera: string, number: number) => void} onReady name of a camera that sends points, and its frame heard last
 * @property {(number: number, points: Points | null) => void} onPose of a frame
 * @property {(number: number) => void} onHeard of the points of a frame
 * @property {(reach: Reach) => void} onReach of the newest frame
 * @property {(result: Result) => void} onResult
 * @property {(reason: string | null, code: number) => void} onEnd
 */

const JPEG_QUALITY = 0.8;

export class Connection {
  /**
   * @param {string} url address of the socket below that of the page
   * @param {{ token: string, activity: string, model: string | null, camera?: string, at?: Point | null }} greeting
   * @param {Hearers} hearers
   */
  constructor(url, greeting, hearers) {
    const address = new URL(url, window.location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.hearers = hearers;
    this.closed = false;
    /** @type {string | null} */
    this.reason = null;
    this.socket.addEventListener("open", () => this.socket.send(JSON.stringify(greeting)));
    this.socket.addEventListener("message", (event) => {
      if (!this.closed) this.take(JSON.parse(event.data));
    });
    this.socket.addEventListener("close", ({ code }) => {
      if (!this.closed) hearers.onEnd(this.reason, code);
    });
  }

  /** @param {number} [code] 1000: it was stopped, and does not come back */
  close(code = 1000) {
    this.closed = true;
    this.socket.close(code);
  }

  get isOpen() {
    return !this.closed && this.socket.readyState === WebSocket.OPEN;
  }

  /** @param {Blob | Uint8Array<ArrayBuffer>} content */
  send(content) {
    if (this.isOpen) this.socket.send(content);
  }

  /** @param {Message} message */
  take(message) {
    if (message.kind === "ready") this.hearers.onReady(message.camera ?? "", message.number ?? 0);
    else if (message.kind === "pose") this.hearers.onPose(message.number, message.points);
    else if (message.kind === "heard") this.hearers.onHeard(message.number);
    else if (message.kind === "result") this.hearers.onResult(message);
    else if (message.kind === "end") this.reason = message.reason;
    if (message.kind === "pose" || message.kind === "heard") this.hearers.onReach(message.reach);
  }
}

/**
 * Calls a function at every new frame of a video, with the time at which it was shown, until another one returns false.
 * @param {HTMLVideoElement} video
 * @param {() => boolean} goesOn
 * @param {(takenMs: number) => void} look
 */
export function eachFrame(video, goesOn, look) {
  /** @type {(nowMs: number, metadata?: VideoFrameCallbackMetadata) => void} */
  const onFrame = (nowMs, metadata) => {
    if (!goesOn()) return;
    look(metadata?.presentationTime ?? nowMs);
    next();
  };
  const next = () => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(onFrame);
    else requestAnimationFrame(onFrame);
  };
  next();
}

/** Sends pictures of a video to the server. */
export class FrameSender {
  /**
   * @param {HTMLVideoElement} video
   * @param {Connection} connection
   */
  constructor(video, connection) {
    this.video = video;
    this.connection = connection;
    this.shot = document.createElement("canvas");
    this.underWay = new FramesUnderWay();
    this.shooting = false;
  }

  /** @param {number} takenMs */
  look(takenMs) {
    const { video, shot, connection } = this;
    if (!this.underWay.hasRoom(takenMs) || this.shooting || video.videoWidth === 0) return; // dropped, not queued
    const pen = shot.getContext("2d", { alpha: false, willReadFrequently: true });
    if (!pen) return;
    const [wide, high] = sizeToSend(video.videoWidth, video.videoHeight);
    shot.width = wide;
    shot.height = high;
    pen.drawImage(video, 0, 0, wide, high);
    this.shooting = true;
    shot.toBlob(
      (picture) => {
        this.shooting = false;
        if (picture && connection.isOpen)
          connection.send(new Blob([frameHeader(this.underWay.send(takenMs), takenMs), picture]));
      },
      "image/jpeg",
      JPEG_QUALITY,
    );
  }

  /**
   * Returns how late the answer to a frame is, in ms; null when that is not known.
   * @param {number} number
   */
  delayMs(number) {
    const takenMs = this.underWay.answer(number);
    return takenMs === null ? null : performance.now() - takenMs;
  }
}
