// @ts-check
// Angles drawn on the picture: at each joint an arc between its two arms, and beside it the number of the curve.

import { svgElement } from "../shared/component.js";
import { within } from "../shared/times.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Arms, Place } from "./player_data.js" */

/**
 * @typedef {object} Arc
 * @property {Point} at the joint
 * @property {number} start direction of the reference in radians, from the right, clockwise on the screen
 * @property {number} sweep from there to the arm, -π to π
 * @property {number} radius
 */

/** @typedef {{ arc: Arc, side: string, words: string }} DrawnAngle */

const RADIUS_SHARE = 0.4; // of the shorter arm
const RADIUS_MIN = 12;
const RADIUS_MAX = 36;
const BEYOND = 1.35; // of the radius: how far the reference is drawn
const LABEL_WIDE = 26; // from the joint's arc to the middle of the number
const LABEL_HIGH = 16;
const EDGE_WIDE = 24; // from the edge of the picture
const EDGE_HIGH = 13;
const LETTER_WIDE = 9;

/** @type {Record<"up" | "down", Point>} */
const VERTICALS = { up: [0, -1], down: [0, 1] };

/**
 * Returns the middle of the keypoints that are known, or null.
 * @param {(index: number) => Point | null} at
 * @param {Place} place
 * @returns {Point | null}
 */
function placeOf(at, place) {
  const points = place.map(at).filter((point) => point !== null);
  if (!points.length) return null;
  const sum = points.reduce((so_far, point) => [so_far[0] + point[0], so_far[1] + point[1]]);
  return [sum[0] / points.length, sum[1] / points.length];
}

/**
 * Returns the way from one place to another; null where one is unknown or both are the same.
 * @param {(index: number) => Point | null} at
 * @param {[Place, Place]} segment
 * @returns {Point | null}
 */
function wayOf(at, [from, to]) {
  const [start, end] = [placeOf(at, from), placeOf(at, to)];
  if (!start || !end || (start[0] === end[0] && start[1] === end[1])) return null;
  return [end[0] - start[0], end[1] - start[1]];
}

/**
 * Returns the arc of an angle; null where one of its points is unknown.
 * @param {(index: number) => Point | null} at where each keypoint is on the screen
 * @param {Arms} arms
 * @returns {Arc | null}
 */
export function arcOf(at, { reference, arm }) {
  const joint = placeOf(at, arm[0]);
  const way = wayOf(at, arm);
  const from = typeof reference === "string" ? VERTICALS[reference] : wayOf(at, reference);
  if (!joint || !way || !from) return null;
  const start = Math.atan2(from[1], from[0]);
  const sweep = Math.atan2(from[0] * way[1] - from[1] * way[0], from[0] * way[0] + from[1] * way[1]);
  const lengths = [Math.hypot(...way), typeof reference === "string" ? Infinity : Math.hypot(...from)];
  const radius = Math.min(Math.max(RADIUS_SHARE * Math.min(...lengths), RADIUS_MIN), RADIUS_MAX);
  return { at: joint, start, sweep, radius };
}

/**
 * Returns a point on the circle of an arc.
 * @param {Arc} arc
 * @param {number} share of the sweep
 * @param {number} [far] in radii
 * @returns {Point}
 */
export function pointOn({ at, start, sweep, radius }, share, far = 1) {
  const direction = start + share * sweep;
  return [at[0] + far * radius * Math.cos(direction), at[1] + far * radius * Math.sin(direction)];
}

/**
 * Returns the `d` of an arc with its reference as an SVG path.
 * @param {Arc} arc
 */
export function arcPath(arc) {
  /** @param {Point} point */
  const words = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const [start, end] = [pointOn(arc, 0), pointOn(arc, 1)];
  const radius = arc.radius.toFixed(1);
  const reference = `M${words(arc.at)}L${words(pointOn(arc, 0, BEYOND))}`;
  return `${reference}M${words(start)}A${radius} ${radius} 0 0 ${arc.sweep > 0 ? 1 : 0} ${words(end)}`;
}

/**
 * Returns the middles of the numbers: beside the joint, across the limb; of two joints each on its own outer side.
 * @param {Arc[]} arcs
 * @param {[number, number]} size of the picture on the screen
 * @returns {Point[]}
 */
export function labelPlaces(arcs, [wide, high]) {
  return arcs.map((arc, i) => {
    const middle = pointOn(arc, 0.5);
    const lies = Math.abs(Math.cos(arc.start)) + Math.abs(Math.cos(arc.start + arc.sweep)) > Math.SQRT2;
    const axis = lies ? 1 : 0;
    const others = arcs.filter((_, j) => j !== i).map((other) => other.at[axis]);
    // One alone: where the arc is not. Two at the same place: the first before, the other behind.
    const beyond = others.length ? others.reduce((a, b) => a + b) / others.length : middle[axis];
    const before = arc.at[axis] < beyond || (arc.at[axis] === beyond && i === 0);
    const apart = (before ? -1 : 1) * (arc.radius + (lies ? LABEL_HIGH : LABEL_WIDE));
    const [x, y] = lies ? [arc.at[0], arc.at[1] + apart] : [arc.at[0] + apart, arc.at[1]];
    return [within(x, EDGE_WIDE, wide - EDGE_WIDE), within(y, EDGE_HIGH, high - EDGE_HIGH)];
  });
}

/**
 * Draws the angles: arcs with a light rim, numbers on a dark ground, so that they are seen on any picture.
 * @param {SVGElement} svg
 * @param {DrawnAngle[]} angles
 * @param {[number, number]} size
 */
export function drawArcs(svg, angles, size) {
  const places = labelPlaces(
    angles.map(({ arc }) => arc),
    size,
  );
  // The same elements are moved while they last: new ones for each frame take twice as long to paint.
  if (svg.childElementCount !== angles.length) svg.replaceChildren(...angles.map(emptyAngle));
  angles.forEach(({ arc, side, words }, i) => {
    const [rim, line, ground, number] = svg.children[i].children;
    const d = arcPath(arc);
    const [x, y] = places[i];
    const wide = 10 + LETTER_WIDE * words.length;
    rim.setAttribute("d", d);
    line.setAttribute("d", d);
    line.setAttribute("class", `arc ${side}`);
    ground.setAttribute("width", String(wide));
    ground.setAttribute("transform", `translate(${(x - wide / 2).toFixed(1)} ${(y - 11).toFixed(1)})`);
    number.setAttribute("transform", `translate(${x.toFixed(1)} ${(y + 5).toFixed(1)})`);
    if (number.textContent !== words) number.textContent = words;
  });
}

function emptyAngle() {
  const group = svgElement("g", {});
  group.append(
    svgElement("path", { class: "rim" }),
    svgElement("path", { class: "arc" }),
    svgElement("rect", { height: 22, rx: 5 }),
    svgElement("text", { "text-anchor": "middle" }),
  );
  return group;
}
