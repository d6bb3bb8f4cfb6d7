// @ts-check
// What `player_data` and `session_player` in player.py send, and the reading of it.

import { scaleOf } from "../shared/curve.js";
import { unpacked } from "../shared/packed.js";
import { footLanes, stepTiles } from "./steps.js";

/** @import { FigurePlan } from "../shared/body.js" */
/** @import { Box } from "../shared/figure.js" */
/** @import { Packed } from "../shared/packed.js" */
/** @import { Steps } from "./steps.js" */

/** @typedef {number[]} Place numbers of keypoints: their middle */
/** @typedef {{ reference: [Place, Place] | "up" | "down", arm: [Place, Place] }} Arms of an angle */
/** @typedef {{ label: string, side: string, start_s: number, end_s: number | null, corrects: "contact" | "repetition" | null }} Mark */
/** @typedef {Mark & { number: string }} Span */
/** @typedef {{ label: string, side: string, marks: Mark[] }} Lane a row of marks under the curve */
/** @typedef {Mark & { end_s: number, key_s: number, words: string }} Tile a step or a repetition, shown at its key moment */
/** @typedef {{ side: string, deg: Packed, arms: Arms | null }} CurveLine */
/** @typedef {{ label: string, chosen: boolean, lines: CurveLine[], scale: [low: number, high: number] }} Curve */
/** @typedef {{ label: string, chosen: boolean, lines: { side: string, deg: string, arms: Arms | null }[] }} PackedCurve */
/** @typedef {{ label: string, why: string, start_s: number, turn_s: number, end_s: number }} PairedRepetition */

/**
 * @typedef {object} CommonData
 * @property {string} version
 * @property {string | null} src
 * @property {number[]} time_s
 * @property {number[] | null} file_s
 * @property {[number, number] | null} image_wh
 * @property {Box} box
 * @property {FigurePlan} plan
 * @property {number} span_min_deg
 * @property {number | null} first_look_s
 * @property {Span[]} spans
 * @property {Lane[]} lanes
 * @property {Tile[]} tiles
 * @property {PairedRepetition[]} pair
 * @property {{ time_s: number, key: string } | null} seek
 * @property {boolean} takes_moments
 * @property {boolean} takes_repetitions
 */

/** @typedef {CommonData & { poses: { packed: string, per_px: number, n_points: number } | null, curves: PackedCurve[], steps: Steps | null }} SentData */
/** @typedef {CommonData & { xy: Packed[], curves: Curve[] }} PlayerData poses in pixels, angles in degrees */

const PER_DEG = 10;

/**
 * @param {SentData} sent
 * @returns {PlayerData}
 */
export function readPlayerData({ poses, curves, steps, ...rest }) {
  const points = unpacked(poses?.packed ?? "", poses?.per_px ?? 1);
  const perPose = 2 * (poses?.n_points ?? 1);
  const xy = Array.from({ length: points.length / perPose }, (_, i) => points.part(perPose * i, perPose * (i + 1)));
  const read = curves.map((curve) => {
    const lines = curve.lines.map((line) => ({ ...line, deg: unpacked(line.deg, PER_DEG) }));
    const limits = lines.flatMap((line) => line.deg.limits());
    return { ...curve, lines, scale: scaleOf(limits, rest.span_min_deg) };
  });
  const tiles = steps ? stepTiles(steps) : rest.tiles;
  const lanes = steps ? [...footLanes(steps), ...rest.lanes] : rest.lanes;
  return { ...rest, xy, curves: read, tiles, lanes };
}

/**
 * Returns the pose of a row as an array: x and y of each point in turn; empty where poses are not known.
 * @param {PlayerData} data
 * @param {number} row
 */
export function poseOf({ xy }, row) {
  const pose = xy[row];
  return pose ? pose.slice(0, pose.length) : [];
}
