// @ts-check
// The figure of the person on the picture of the live camera.

import { bodyFigure, drawBody } from "../shared/body.js";

/** @import { BodyFigure, FigurePlan, Point } from "../shared/body.js" */
/** @typedef {(Point | null)[]} Points shares of the picture's width and height, null for an unknown one */

/**
 * Returns the parts of a body, in pixels of the picture.
 * @param {Points} points
 * @param {FigurePlan} plan
 * @param {number} wide
 * @param {number} high
 * @returns {BodyFigure}
 */
export function figureIn(points, plan, wide, high) {
  /** @type {(index: number) => Point | null} */
  const at = (index) => {
    const point = points[index];
    return point ? [point[0] * wide, point[1] * high] : null;
  };
  return bodyFigure(at, plan);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLVideoElement} video
 * @param {Points | null} points null where nobody is
 * @param {FigurePlan} plan
 * @param {Record<string, string>} colors of the sides
 */
export function drawSkeleton(canvas, video, points, plan, colors) {
  if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
  }
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!points) return;
  const unit = Math.max(canvas.width, canvas.height) / 160;
  const figure = figureIn(points, plan, canvas.width, canvas.height);
  // Twice: a white rim first, so that it is seen on dark and on bright clothes.
  pen.lineWidth = 2 * unit;
  drawBody(pen, figure, () => "#fff", 0);
  pen.lineWidth = 1.2 * unit;
  drawBody(pen, figure, (side) => colors[side], 0);
}
