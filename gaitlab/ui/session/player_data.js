// @ts-check
// What `player_data` and `session_player` in player.py send, as types only: no script loads this file.

/** @import { FigurePlan } from "../shared/body.js" */
/** @import { Box } from "./figure.js" */

/** @typedef {{ label: string, side: string, start_s: number, end_s: number | null, corrects: "contact" | "repetition" | null }} Mark */
/** @typedef {Mark & { number: string }} Span */
/** @typedef {{ side: string, deg: (number | null)[] }} CurveLine */
/** @typedef {{ label: string, chosen: boolean, lines: CurveLine[] }} Curve */
/** @typedef {{ label: string, why: string, start_s: number, turn_s: number, end_s: number }} PairedRepetition */

/**
 * @typedef {object} PlayerData
 * @property {string} version
 * @property {string | null} src
 * @property {number[]} time_s
 * @property {number[] | null} file_s
 * @property {(number | null)[][]} xy
 * @property {[number, number] | null} image_wh
 * @property {Box} box
 * @property {FigurePlan} plan
 * @property {number} span_min_deg
 * @property {number | null} first_look_s
 * @property {Curve[]} curves
 * @property {Span[]} spans
 * @property {{ label: string, side: string, marks: Mark[] }[]} lanes
 * @property {PairedRepetition[]} pair
 * @property {{ time_s: number, key: string } | null} seek
 * @property {boolean} takes_moments
 * @property {boolean} takes_repetitions
 */

export {};
