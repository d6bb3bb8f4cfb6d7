// @ts-check
// The pose network in the browser, as the Live page sees it: a worker that looks at one frame at a time.

/** @import { Point } from "../shared/body.js" */
/** @import { FromWorker, Networks, Posed } from "./network_data.js" */

export class BrowserNetwork {
  /** @param {Networks} networks */
  constructor(networks) {
    this.networks = networks;
    this.worker = new Worker(networks.worker);
    this.busy = false;
    /** @type {(() => void) | null} */
    this.lookAgain = null; // at the picture that came while an earlier one was looked at
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
          this.lookAgain?.();
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
    this.lookAgain = null;
    this.onPose = onPose;
    this.onUnable = onUnable;
    this.post({ kind: "start", at });
  }

  /**
   * Looks at the picture of a video; one that comes meanwhile waits, the newest only.
   * @param {HTMLVideoElement} video
   * @param {number} takenMs
   */
  async look(video, takenMs) {
    this.lookAgain = this.busy ? () => this.look(video, takenMs) : null;
    if (this.busy || video.videoWidth === 0) return;
    this.busy = true;
    try {
      const picture = await createImageBitmap(video);
      this.post({ kind: "frame", picture, takenMs }, [picture]);
    } catch {
      this.busy = false; // the camera was switched off meanwhile
    }
  }

  close() {
    this.lookAgain = null;
    this.onPose = this.onUnable = () => {};
    this.worker.terminate();
  }
}
