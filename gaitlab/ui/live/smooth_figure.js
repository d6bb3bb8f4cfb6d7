// @ts-check
// The skeleton of a browser that runs the network itself: smoothed, without what is not sure, as the server draws it.

import { OneEuro } from "./one_euro.js";

/** @import { Points } from "./drawing.js" */
/** @import { Posed } from "./network_data.js" */

const DRAWN_SCORE_MIN = 0.3;
const UNKNOWN = new Array(34).fill(Number.NaN);

export class SmoothFigure {
  constructor() {
    /** @type {OneEuro | null} */
    this.filter = null;
    this.shape = "";
  }

  /**
   * Returns the points of a frame as shares of the picture; null where nobody is.
   * @param {Posed} posed the next frame
   * @returns {Points | null}
   */
  points({ takenMs, wh, detection }) {
    if (!this.filter || this.shape !== wh.join()) {
      this.filter = new OneEuro(Math.max(...wh));
      this.shape = wh.join();
    }
    const sure = detection?.xy.flatMap((point, i) =>
      detection.score[i] >= DRAWN_SCORE_MIN ? point : [Number.NaN, Number.NaN],
    );
    const smoothed = this.filter.smooth(takenMs / 1000, sure ?? UNKNOWN);
    if (!smoothed.some(Number.isFinite)) return null;
    return Array.from({ length: smoothed.length / 2 }, (_, i) => {
      const [x, y] = [smoothed[2 * i], smoothed[2 * i + 1]];
      return Number.isFinite(x) ? [x / wh[0], y / wh[1]] : null;
    });
  }
}
