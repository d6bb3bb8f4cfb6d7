// @ts-check
// A still on which two points are placed by click or touch; a third click moves the nearer of the two. The number fields
// beside it say the same for the keyboard.

import { part, svgElement } from "../shared/component.js";

/** @import { Component } from "../shared/component.js" */

/** @typedef {[x: number, y: number]} Point in pixels of the picture */
/** @typedef {{ picture: string, alt: string, wide: number, high: number, points: Point[] }} StillData */

/** @param {Component<StillData>} component */
export default function ({ parentElement, data, setTriggerValue }) {
  const picture = part(parentElement, "img", HTMLImageElement);
  const lines = part(parentElement, "svg", SVGElement);
  if (picture.src !== data.picture) picture.src = data.picture;
  picture.alt = data.alt;
  lines.setAttribute("viewBox", `0 0 ${data.wide} ${data.high}`);
  draw(lines, data.points, data.wide / 100);
  picture.onclick = (click) => {
    const [x, y] = pointInPicture(click, picture.getBoundingClientRect(), data);
    setTriggerValue("placed", { x, y });
  };
}

/**
 * Returns the point of the picture under the mouse, however large the picture is shown.
 * @param {{ clientX: number, clientY: number }} click
 * @param {{ left: number, top: number, width: number, height: number }} box where the picture is shown
 * @param {{ wide: number, high: number }} picture
 * @returns {Point}
 */
export function pointInPicture(click, box, { wide, high }) {
  return [((click.clientX - box.left) / box.width) * wide, ((click.clientY - box.top) / box.height) * high];
}

/**
 * @param {SVGElement} lines
 * @param {Point[]} points
 * @param {number} unit
 */
function draw(lines, points, unit) {
  lines.replaceChildren();
  // White below, dark above: seen on any picture.
  for (const [stroke, width] of /** @type {const} */ ([
    ["#fff", 0.9 * unit],
    ["#d00000", 0.4 * unit],
  ])) {
    const style = { fill: "none", stroke, "stroke-width": width };
    for (const [cx, cy] of points) lines.append(svgElement("circle", { cx, cy, r: 1.2 * unit, ...style }));
    if (points.length < 2) continue;
    const [[x1, y1], [x2, y2]] = points;
    lines.append(svgElement("line", { x1, y1, x2, y2, ...style }));
  }
}
