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
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  for (const { figure, tone, opacity } of figures) {
    if (!figure || opacity <= 0) continue;
    const layer = document.createElement("canvas"); // as a whole as pale as it should be, also where its parts cross
    layer.width = canvas.width;
    layer.height = canvas.height;
    const own = layer.getContext("2d");
    if (!own) continue;
    /** @type {(side: string) => string} */
    const toned = (side) => colorOf(tone === "ghost" ? "ghost" : side);
    const width = (tone === "ghost" ? 6 : 3) * ratio; // a ghost is seen beside what lies on it
    own.lineWidth = width;
    drawBody(own, figure, toned, BODY_OPACITY);
    own.lineWidth = width + 3 * ratio;
    const limbs = followed === "both" ? [] : figure.bones.filter(({ side }) => side === followed);
    drawBody(own, { head: null, trunk: [], bones: limbs }, toned, BODY_OPACITY);
    pen.globalAlpha = opacity;
    pen.drawImage(layer, 0, 0);
  }
  pen.globalAlpha = 1;
}
