// @ts-check
// What `overlay_data` in overlay.py sends, and the reading of it.

import { unpacked } from "./packed.js";

/** @import { FigurePlan } from "./body.js" */
/** @import { Box } from "./figure.js" */
/** @import { Place } from "./in_step.js" */

/** @typedef {"clip" | "figure" | "walk"} Kind */
/** @typedef {{ title: string, events_s: number[], poses: string, place: Place | null }} SentCycle */
/** @typedef {{ title: string, events_s: number[], poses: (number | null)[][], place: Place | null }} Cycle one movement; times are those of the clip's file */
/** @typedef {{ label: string, src: string | null, image_wh: [number, number] | null }} Named */
/** @typedef {Named & { cycles: Record<string, SentCycle>, walks: Record<string, string> }} SentTake */
/** @typedef {Named & { cycles: Record<string, Cycle>, walks: Record<string, (number | null)[][]> }} Take a session, or a norm */
/** @typedef {{ take: number, n: number, mean: number[], sd: number[] }} MeanLine */
/** @typedef {{ joint: string, label: string, side: string, said: string, chosen: boolean, lines: MeanLine[] }} MeanCurve */
/** @typedef {{ label: string, tone: string, spans: [number, number][] }} StanceBar when a foot is on the ground, as shares of the cycle */

/**
 * @typedef {object} Common
 * @property {string} version
 * @property {string} label
 * @property {string} whole what 0 to 100 % are, as in "gait cycle"
 * @property {boolean} is_cycle whether its end is its beginning
 * @property {number} lap_s how long the mean cycle takes
 * @property {Box} window in body heights, the hips at 0
 * @property {FigurePlan} plan
 * @property {number} span_min_deg
 * @property {{ kind: Kind, label: string }[]} kinds
 * @property {string[]} sides that all of the pair have
 * @property {number[]} pair the takes that lie over one another
 * @property {boolean} mixes whether one can be faded out
 * @property {MeanCurve[]} curves
 * @property {Record<string, StanceBar[]>} bars by the side whose heel strike is 0 %
 * @property {string} hint
 */

/** @typedef {Common & { takes: SentTake[] }} SentOverlay */
/** @typedef {Common & { takes: Take[] }} OverlayData */

const PER_HEIGHT = 1000;
const PER_POSE = 34;

/** @param {string} packed */
function posesOf(packed) {
  const points = unpacked(packed, PER_HEIGHT);
  return Array.from({ length: points.length / PER_POSE }, (_, i) => points.slice(PER_POSE * i, PER_POSE * (i + 1)));
}

/**
 * @template From, To
 * @param {Record<string, From>} values
 * @param {(value: From) => To} to
 * @returns {Record<string, To>}
 */
function each(values, to) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));
}

/**
 * @param {SentOverlay} sent
 * @returns {OverlayData}
 */
export function readOverlay({ takes, ...rest }) {
  const read = takes.map((take) => ({
    ...take,
    cycles: each(take.cycles, (cycle) => ({ ...cycle, poses: posesOf(cycle.poses) })),
    walks: each(take.walks, posesOf),
  }));
  return { ...rest, takes: read };
}

/**
 * Returns whose cycle goes with a side: its own, or the one of both sides together; never that of the other side.
 * @template T
 * @param {Record<string, T>} of
 * @param {string} side
 * @returns {T | undefined}
 */
export function ofSide(of, side) {
  return of[side] ?? of.both;
}

/**
 * Returns the side whose movement is shown with a curve: for the trunk, which has no side, the first that all have.
 * @param {string[]} sides that all have
 * @param {string} ofCurve
 */
export function sideOfMovement(sides, ofCurve) {
  return sides.includes(ofCurve) || sides.includes("both") ? ofCurve : sides[0];
}

/**
 * Returns the angle that is shown at first: the one before, else the chosen one, else any; "" without curves.
 * @param {Pick<MeanCurve, "joint" | "chosen">[]} curves
 * @param {string} before
 */
export function firstJoint(curves, before) {
  if (curves.some(({ joint }) => joint === before)) return before;
  return (curves.find(({ chosen }) => chosen) ?? curves[0])?.joint ?? "";
}
