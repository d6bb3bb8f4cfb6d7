// @ts-check
// Figures over one another on a canvas.

import { drawBody } from "./body.js";

/** @import { BodyFigure } from "./body.js" */

const BODY_OPACITY = 0.12;

/**
 * Draws figures over one another: the ghost in its one colour, others in those of their sides; the leg of the side that
 * is looked at is thick.
 * @param {HTMLCanvasElement} canvas
 * @param {{ figure: BodyFigure | null, tone: string, opacity: number }[]} figures
 * @param {string} followed side
 * @param {(name: string) => string} colorOf
 */
export function drawFigures(canvas, figures, followed, colorOf) {
  const pen = canvas.getContext("2d");
  if (!canvas.clientWidth || !pen) return;
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  pen.clearRect(0, 0, wide, high);
  for (const { figure, tone, opacity } of figures) {
    if (!figure || opacity <= 0) continue;
    /** @type {(side: string) => string} */
    const toned = (side) => colorOf(tone === "ghost" ? "ghost" : side);
    const width = (tone === "ghost" ? 6 : 3) * ratio; // a ghost is seen beside what lies on it
    /** @param {CanvasRenderingContext2D} on */
    const draw = (on) => {
      on.lineWidth = width;
      drawBody(on, figure, toned, BODY_OPACITY);
      on.lineWidth = width + 3 * ratio;
      const limbs = followed === "both" ? [] : figure.bones.filter(({ side }) => side === followed);
      drawBody(on, { head: null, trunk: [], bones: limbs }, toned, BODY_OPACITY);
    };
    if (opacity === 1) draw(pen);
    else drawPale(pen, opacity, draw);
  }
}

/**
 * Draws as a whole as pale as it should be, also where its parts cross.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} opacity
 * @param {(on: CanvasRenderingContext2D) => void} draw
 */
function drawPale(pen, opacity, draw) {
  const layer = document.createElement("canvas");
  [layer.width, layer.height] = [pen.canvas.width, pen.canvas.height];
  const own = layer.getContext("2d");
  if (!own) return;
  draw(own);
  pen.globalAlpha = opacity;
  pen.drawImage(layer, 0, 0);
  pen.globalAlpha = 1;
}
