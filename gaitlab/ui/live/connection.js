// @ts-check
// The socket of the Live page: it sends the frames of a playing video and hears the answers.

import { FramesUnderWay, frameHeader, sizeToSend } from "./frames.js";

/** @import { Points } from "./drawing.js" */
/** @import { Message, Result } from "./live_data.js" */

/**
 * What is done with the answers; nothing after `close`.
 * @typedef {object} Hearers
 * @property {() => void} onReady
 * @property {(points: Points | null, delayMs: number | null) => void} onPose
 * @property {(result: Result) => void} onResult
 * @property {(reason: string | null) => void} onEnd
 */

const JPEG_QUALITY = 0.8;

export class Connection {
  /**
   * @param {string} url address of the socket below that of the page
   * @param {{ token: string, activity: string, model: string }} greeting
   * @param {HTMLVideoElement} video
   * @param {Hearers} hearers
   */
  constructor(url, greeting, video, hearers) {
    const address = new URL(url, window.location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(address);
    this.video = video;
    this.hearers = hearers;
    this.shot = document.createElement("canvas");
    this.underWay = new FramesUnderWay();
    this.shooting = false;
    this.closed = false;
    /** @type {string | null} */
    this.reason = null;
    this.socket.addEventListener("open", () => this.socket.send(JSON.stringify(greeting)));
    this.socket.addEventListener("message", (event) => {
      if (!this.closed) this.take(JSON.parse(event.data));
    });
    this.socket.addEventListener("close", () => {
      if (!this.closed) hearers.onEnd(this.reason);
    });
  }

  close() {
    this.closed = true;
    this.socket.close(1000);
  }

  get isOpen() {
    return !this.closed && this.socket.readyState === WebSocket.OPEN;
  }

  /** @param {Message} message */
  take(message) {
    if (message.kind === "ready") {
      this.hearers.onReady();
      this.nextFrame();
    } else if (message.kind === "pose") {
      const takenMs = this.underWay.answer(message.number);
      this.hearers.onPose(message.points, takenMs === null ? null : performance.now() - takenMs);
    } else if (message.kind === "result") {
      this.hearers.onResult(message);
    } else if (message.kind === "end") {
      this.reason = message.reason;
    }
  }

  nextFrame() {
    const { video } = this;
    /** @type {(nowMs: number, metadata?: VideoFrameCallbackMetadata) => void} */
    const onFrame = (nowMs, metadata) => {
      if (!this.isOpen) return;
      this.shoot(metadata?.presentationTime ?? nowMs);
      this.nextFrame();
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(onFrame);
    else requestAnimationFrame(onFrame);
  }

  /** @param {number} takenMs */
  shoot(takenMs) {
    const { video, shot } = this;
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
        if (picture && this.isOpen)
          this.socket.send(new Blob([frameHeader(this.underWay.send(takenMs), takenMs), picture]));
      },
      "image/jpeg",
      JPEG_QUALITY,
    );
  }
}
