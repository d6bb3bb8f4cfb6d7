// @ts-check
// Where in the picture somebody points, by hand or with the keyboard.

/** @import { Point } from "../shared/body.js" */
/** @import { Points } from "./drawing.js" */

const AROUND = 0.1; // of the body's size: so near to it the same person is meant (ours)

/**
 * Returns the place of the picture at a point of the page, as shares of its width and height; null beside the picture,
 * which is shown as large as the stage allows.
 * @param {{ left: number, top: number, width: number, height: number }} stage
 * @param {{ videoWidth: number, videoHeight: number }} video
 * @param {{ clientX: number, clientY: number }} event
 * @param {boolean} isMirrored
 * @returns {Point | null}
 */
export function placeIn(stage, { videoWidth, videoHeight }, { clientX, clientY }, isMirrored) {
  const scale = Math.min(stage.width / videoWidth, stage.height / videoHeight);
  const x = 0.5 + (clientX - stage.left - stage.width / 2) / (scale * videoWidth);
  const y = 0.5 + (clientY - stage.top - stage.height / 2) / (scale * videoHeight);
  if (x < 0 || x > 1 || y < 0 || y > 1) return null;
  return [isMirrored ? 1 - x : x, y];
}

/**
 * Returns whether a place is on a body, or hardly beside it.
 * @param {Points} points
 * @param {Point} place
 */
export function isOn(points, [x, y]) {
  const known = points.filter((point) => point !== null);
  if (known.length === 0) return false;
  const [xs, ys] = [known.map((point) => point[0]), known.map((point) => point[1])];
  return isBetween(x, Math.min(...xs), Math.max(...xs)) && isBetween(y, Math.min(...ys), Math.max(...ys));
}

/**
 * Returns the place half-way from the person who is followed to the left or right edge of the picture as it is shown, or from
 * its middle where nobody is; in the middle of its height, where near and distant people are cut alike.
 * @param {Points | null} points
 * @param {"left" | "right"} way
 * @param {boolean} isMirrored
 * @returns {Point}
 */
export function placeBeside(points, way, isMirrored) {
  const xs = (points ?? []).filter((point) => point !== null).map(([x]) => x);
  const from = xs.length > 0 ? (Math.min(...xs) + Math.max(...xs)) / 2 : 0.5;
  return [(from + Number((way === "right") !== isMirrored)) / 2, 0.5];
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
function isBetween(value, low, high) {
  const around = AROUND * (high - low);
  return value >= low - around && value <= high + around;
}
