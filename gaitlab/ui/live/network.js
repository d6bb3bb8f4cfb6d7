// @ts-check
// The pose network in the browser, as the Live page sees it: a worker that looks at one frame at a time.

/** @import { Point } from "../shared/body.js" */
/** @import { FromWorker, Networks, Posed } from "./network_data.js" */

const AHEAD_MS = 40; // a camera gives a frame each 33 ms: one of them comes in this time (ours)
const USUAL_SHARE = 0.2; // of the last look in the usual one (ours)

export class BrowserNetwork {
  /** @param {Networks} networks */
  constructor(networks) {
    this.networks = networks;
    this.worker = new Worker(networks.worker);
    this.busy = false;
    this.beganMs = 0; // the look that is under way
    this.usualMs = 0; // how long a look takes
    /** @type {{ picture: ImageBitmap, takenMs: number } | null} */
    this.waiting = null; // the newest picture that came while an earlier one was looked at
    /** @type {(posed: Posed) => void} */
    this.onPose = () => {};
    /** @type {(reason: string) => void} */
    this.onUnable = () => {};
    /**
     * What runs where, in words; rejected where this browser cannot, or is too slow.
     * @type {Promise<string>}
     */
    this.loaded = new Promise((resolve, reject) => {
      this.worker.addEventListener("message", (/** @type {MessageEvent<FromWorker>} */ { data }) => {
        if (data.kind === "loaded") resolve(`${data.label}, ${data.backend}`);
        else if (data.kind === "pose") {
          this.busy = false;
          this.usualMs += USUAL_SHARE * (performance.now() - this.beganMs - this.usualMs);
          this.lookAtWaiting();
          this.onPose(data);
        } else {
          reject(new Error(data.reason));
          this.onUnable(data.reason);
        }
      });
      this.worker.addEventListener("error", () => reject(new Error("the network's script did not come")));
    });
    this.post({ kind: "load", networks });
  }

  /**
   * @param {import("./network_data.js").ToWorker} message
   * @param {Transferable[]} [given]
   */
  post(message, given = []) {
    this.worker.postMessage(message, given);
  }

  /**
   * Begins with another camera or person: nobody is followed yet.
   * @param {Point | null} at where the person stands who is followed first, as shares of the picture; null: the nearest
   * @param {(posed: Posed) => void} onPose
   * @param {(reason: string) => void} onUnable
   */
  start(at, onPose, onUnable) {
    this.forgetWaiting();
    this.onPose = onPose;
    this.onUnable = onUnable;
    this.post({ kind: "start", at });
  }

  /**
   * Looks at the picture of a video. One that comes meanwhile waits, the newest only, and is ready when its turn comes; those
   * that would be replaced before are not made, as that takes 4 ms of the page's own thread.
   * @param {HTMLVideoElement} video
   * @param {number} takenMs
   */
  async look(video, takenMs) {
    if (video.videoWidth === 0 || this.isEarly()) return;
    const picture = await createImageBitmap(video).catch(() => null); // the camera was switched off meanwhile
    if (!picture) return;
    this.forgetWaiting();
    this.waiting = { picture, takenMs };
    if (!this.busy) this.lookAtWaiting();
  }

  /** Returns whether another picture will come before the look under way is over. */
  isEarly() {
    return this.busy && performance.now() - this.beganMs < this.usualMs - AHEAD_MS;
  }

  lookAtWaiting() {
    if (!this.waiting) return;
    const { picture, takenMs } = this.waiting;
    this.waiting = null;
    this.busy = true;
    this.beganMs = performance.now();
    this.post({ kind: "frame", picture, takenMs }, [picture]);
  }

  forgetWaiting() {
    this.waiting?.picture.close();
    this.waiting = null;
  }

  close() {
    this.forgetWaiting();
    this.onPose = this.onUnable = () => {};
    this.worker.terminate();
  }
}
