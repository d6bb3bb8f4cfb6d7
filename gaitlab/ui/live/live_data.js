// @ts-check
// What the page (`live_camera_data` in live_camera.py) and the socket (socket.py) send, as types only: no script loads
// this file.

/** @import { FigurePlan } from "../shared/body.js" */
/** @import { Plan } from "./coach.js" */
/** @import { Points } from "./drawing.js" */
/** @import { Networks } from "./network_data.js" */

/**
 * @typedef {object} CameraData
 * @property {string} activity
 * @property {string} unit
 * @property {string} person
 * @property {string} model
 * @property {Networks | null} networks null where the server looks at the frames
 * @property {Plan | null} sets null where only the count is wanted
 * @property {string | null} last what was done the last time, as a sentence
 * @property {number[][]} needed pairs of joints of which one must be seen
 * @property {FigurePlan} plan
 * @property {Record<string, string>} colors
 * @property {string} socket_url
 * @property {string} upload_url
 * @property {string} token_header
 * @property {string} live_token
 * @property {string} upload_token
 * @property {number} token_ms
 * @property {number} limit_bytes
 * @property {number} kept_frames whose points the browser keeps
 */

/** @typedef {Record<string, number>} Reach by side: of the way from rest, 0, to the turn of a full repetition, 1 */

/** @typedef {{ number: number, points: Points | null, reach: Reach }} Pose */

/**
 * @typedef {object} Result
 * @property {number | null} count
 * @property {number | null} cadence_spm
 * @property {number | null} tempo_per_min
 * @property {number | null} step_asymmetry_pct how much the step times of the two feet differ
 * @property {boolean} is_uneven by more than can be measured
 * @property {string} unit
 * @property {number[] | null} [phases_s] way out, hold and way back of the last repetition
 * @property {string | null} [cue]
 * @property {boolean} [asks_for_more] the cue asks to go further
 */

/**
 * @typedef {{ kind: "ready", camera?: string, number?: number } | { kind: "pose" } & Pose | { kind: "heard", number: number, reach: Reach } | { kind: "result" } & Result
 *   | { kind: "end", reason: string }} Message
 */

export {};
