// @ts-check
// Corrections by hand on the marks themselves: an end of a bar is dragged to where it belongs, or moved by the keyboard.

import { within } from "../shared/times.js";

/** @import { Mark } from "./player_data.js" */
/** @typedef {{ kind: string, time_s: number, to_s?: number, side?: string, contact?: string }} Correction */

/**
 * What a mark needs of the player.
 * @typedef {object} Host
 * @property {(correction: Correction) => void} correct
 * @property {(time: number) => void} seek
 * @property {() => void} layOut
 * @property {(time: number, by: number) => number} frameBeside the time of a frame some frames away
 * @property {number} secondsPerPx
 */

const DRAG_PX = 4;
const KEPT_APART_S = 0.02;

/**
 * Returns the correction that moves an end of a mark, which stays on its side of the other end; null where nothing moves.
 * @param {Mark} mark
 * @param {"start" | "end"} end
 * @param {number} to
 * @returns {Correction | null}
 */
export function movedEnd(mark, end, to) {
  const [from, low, high] =
    end === "end"
      ? [mark.end_s ?? mark.start_s, mark.start_s + KEPT_APART_S, Number.POSITIVE_INFINITY]
      : [mark.start_s, Number.NEGATIVE_INFINITY, (mark.end_s ?? Number.POSITIVE_INFINITY) - KEPT_APART_S];
  const to_s = Number(within(to, low, high).toFixed(4));
  if (to_s === from) return null;
  const contact = end === "end" ? "toe_off" : "heel_strike";
  return { kind: "move_contact", time_s: from, to_s, side: mark.side, contact };
}

/**
 * Returns the marks that a page of the chart shows, whole or in part.
 * @template {Mark} M
 * @param {M[]} marks
 * @param {number[]} page its first and its last moment
 */
export function marksOn(marks, [from, to]) {
  return marks.filter((mark) => (mark.end_s ?? mark.start_s) >= from && mark.start_s <= to);
}

/**
 * Lets a mark of a foot be dragged at its ends, and a mark of a foot or a repetition be corrected by the keyboard.
 * @param {HTMLButtonElement} button
 * @param {Mark} mark
 * @param {Host} host
 */
export function letCorrect(button, mark, host) {
  letCorrectByKeys(button, mark, host);
  if (mark.corrects === "contact") letDrag(button, mark, host);
}

/**
 * Lets a mark be deleted by the keyboard, and a heel strike be moved by a frame.
 * @param {HTMLButtonElement} button
 * @param {Mark} mark
 * @param {Host} host
 */
export function letCorrectByKeys(button, mark, host) {
  button.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") host.correct(deleted(mark));
    else if (by && event.shiftKey && mark.corrects === "contact") {
      const correction = movedEnd(mark, "start", host.frameBeside(mark.start_s, by));
      if (correction) host.correct(correction);
    } else return;
    event.preventDefault();
  });
}

/**
 * @param {Mark} mark
 * @returns {Correction}
 */
export function deleted(mark) {
  if (mark.corrects === "contact")
    return { kind: "delete_contact", time_s: mark.start_s, side: mark.side, contact: "heel_strike" };
  return { kind: "delete_repetition", time_s: (mark.start_s + (mark.end_s ?? mark.start_s)) / 2 };
}

/**
 * @param {HTMLButtonElement} button
 * @param {Mark} mark
 * @param {Host} host
 */
function letDrag(button, mark, host) {
  /** @type {{ x: number, end: "start" | "end", to: Correction | null, moved: boolean } | null} */
  let drag = null;
  button.classList.add("draggable");
  button.addEventListener("pointerdown", (event) => {
    const box = button.getBoundingClientRect();
    const isLate = mark.end_s !== null && event.clientX > (box.left + box.right) / 2;
    drag = { x: event.clientX, end: isLate ? "end" : "start", to: null, moved: false };
    button.setPointerCapture(event.pointerId);
  });
  button.addEventListener("pointermove", (event) => {
    const by = drag ? event.clientX - drag.x : 0;
    if (!drag || (!drag.moved && Math.abs(by) < DRAG_PX)) return;
    drag.moved = true;
    const from = drag.end === "end" ? (mark.end_s ?? mark.start_s) : mark.start_s;
    drag.to = movedEnd(mark, drag.end, from + by * host.secondsPerPx);
    const at = drag.to?.to_s ?? from;
    const shift = (at - from) / host.secondsPerPx;
    button.style.transform = drag.end === "start" ? `translateX(${shift}px)` : "";
    const full = mark.end_s === null ? null : (mark.end_s - mark.start_s) / host.secondsPerPx;
    if (full !== null) button.style.width = `${Math.max(4, drag.end === "start" ? full - shift : full + shift)}px`;
    host.seek(at);
  });
  /** @param {boolean} keep */
  const end = (keep) => {
    const { to = null, moved = false } = drag ?? {};
    drag = null;
    if (!moved) return;
    // The click that follows would go back to where the mark was.
    button.addEventListener("click", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
    if (keep && to) host.correct(to);
    else {
      button.style.transform = "";
      host.layOut();
    }
  };
  button.addEventListener("pointerup", () => end(true));
  button.addEventListener("pointercancel", () => end(false));
}
