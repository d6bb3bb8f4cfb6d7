// @ts-check
// The figure of a pose on its canvas.

import { bodyFigure, drawBody } from "./body.js";

const TRUNK_OPACITY = 0.15;

/** @import { BodyFigure, FigurePlan, Point } from "./body.js" */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box in pixels of the clip */

/**
 * Returns where a window lies on the screen, as large as fits and in the middle: the size of its unit, and its zero.
 * @param {Box} window
 * @param {number} wide on the screen
 * @param {number} high
 */
export function fitted([left, top, right, bottom], wide, high) {
  const scale = Math.min(wide / (right - left), high / (bottom - top));
  const x = (wide - (right - left) * scale) / 2 - left * scale;
  const y = (high - (bottom - top) * scale) / 2 - top * scale;
  return { scale, x, y };
}

/**
 * Returns what places the points of a pose. The window is as large as fits, in the middle.
 * @param {(number | null)[]} pose x and y of each point in turn, in pixels of the clip
 * @param {Box} window_px part of the picture that is shown
 * @param {number} wide on the screen
 * @param {number} high
 * @returns {(index: number) => Point | null}
 */
export function placer(pose, window_px, wide, high) {
  const zero = fitted(window_px, wide, high);
  return (index) => {
    const [x, y] = [pose[2 * index] ?? null, pose[2 * index + 1] ?? null];
    return x === null || y === null ? null : [zero.x + x * zero.scale, zero.y + y * zero.scale];
  };
}

/**
 * Returns the parts of a body on a canvas.
 * @param {(number | null)[]} pose
 * @param {FigurePlan} plan
 * @param {Box} window_px
 * @param {number} wide width of the canvas
 * @param {number} high height of the canvas
 * @returns {BodyFigure}
 */
export function figureOn(pose, plan, window_px, wide, high) {
  return bodyFigure(placer(pose, window_px, wide, high), plan);
}

/**
 * Returns the part of the picture where the person moves: on a phone the whole picture would be too small to see anything.
 * @param {Box} box may reach beyond the picture
 * @param {[number, number] | null} image_wh null when the size of the picture is unknown
 * @returns {Box}
 */
export function seenWindow(box, image_wh) {
  if (!image_wh) return box;
  const [left, top, right, bottom] = box;
  return [Math.max(left, 0), Math.max(top, 0), Math.min(right, image_wh[0]), Math.min(bottom, image_wh[1])];
}

/**
 * Draws one pose, nothing else, on a canvas that is shown.
 * @param {HTMLCanvasElement} canvas
 * @param {(number | null)[]} pose
 * @param {FigurePlan} plan
 * @param {Box} window_px
 * @param {(side: string) => string} colorOf
 */
export function drawFigure(canvas, pose, plan, window_px, colorOf) {
  const box = canvas.getBoundingClientRect();
  const pen = canvas.getContext("2d");
  if (!box.width || !pen) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = box.width * ratio;
  canvas.height = box.height * ratio;
  pen.lineWidth = 4 * ratio;
  drawBody(pen, figureOn(pose, plan, window_px, canvas.width, canvas.height), colorOf, TRUNK_OPACITY);
}
