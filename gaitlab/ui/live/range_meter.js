// @ts-check
// How far the person is from rest to the turn of a full repetition, as bars beside the picture, with the band to reach.

/** @import { Reach } from "./live_data.js" */

const TOP = 1.25; // of a full way, or of what is wanted beyond it: the upper end of the band (ours)

/** @typedef {Record<string, number>} Range by side: of a full way, where the band to reach begins */
/** @typedef {{ column: HTMLElement, band: HTMLElement, fill: HTMLElement, mark: HTMLElement }} Bar */

export class RangeMeter {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Map<string, Bar>} by side */
    this.bars = new Map();
    /** @type {Range | null} */
    this.range = null;
  }

  /** @param {Range | null} range null for a full repetition */
  aim(range) {
    this.range = range;
    this.showBands();
  }

  /**
   * Returns where the band begins, as a share of a full way.
   * @param {string} side
   */
  startOf(side) {
    return this.range?.[side] ?? 1;
  }

  /** @param {number} share */
  heightOf(share) {
    return heightOf(share, Math.max(1, ...Object.values(this.range ?? {})));
  }

  showBands() {
    for (const [side, { band }] of this.bars) band.style.height = `${100 * (1 - this.heightOf(this.startOf(side)))}%`;
    this.element.setAttribute(
      "aria-label",
      meterWords([...this.bars.keys()].map((side) => [side, this.startOf(side)])),
    );
  }

  /** @param {Reach} reach nothing of a side that is not seen now: its bar stays as it is, paler */
  show(reach) {
    for (const [side, share] of Object.entries(reach)) {
      const { fill, column } = this.bars.get(side) ?? this.add(side);
      fill.style.height = `${100 * this.heightOf(share)}%`;
      column.classList.toggle("full", share >= this.startOf(side));
    }
    for (const [side, { column }] of this.bars) column.classList.toggle("unknown", !(side in reach));
    this.element.hidden = this.bars.size === 0;
  }

  /** @param {number | null} target where the tempo is, from rest, 0, to where the band begins, 1 */
  showTarget(target) {
    for (const [side, { mark }] of this.bars) {
      mark.hidden = target === null;
      mark.style.bottom = `${100 * this.heightOf((target ?? 0) * this.startOf(side))}%`;
    }
  }

  /** @param {string} side */
  add(side) {
    const [column, band, fill, mark, name] = ["column", "band", "fill", "mark", "side"].map((kind) => {
      const made = document.createElement("div");
      made.className = kind;
      return made;
    });
    mark.hidden = true;
    name.textContent = side === "both" ? "" : side[0].toUpperCase();
    column.append(fill, band, mark, name);
    this.element.append(column);
    const bar = { column, band, fill, mark };
    this.bars.set(side, bar);
    this.showBands();
    return bar;
  }

  clear() {
    this.bars.clear();
    this.element.replaceChildren();
    this.element.hidden = true;
  }
}

/**
 * Returns the height of a share of the way in the meter, 0 to 1.
 * @param {number} share
 * @param {number} [furthest] where a band begins, a full repetition at least
 */
export function heightOf(share, furthest = 1) {
  return Math.min(Math.max(share / (TOP * furthest), 0), 1);
}

/**
 * Returns what the meter shows, for screen readers.
 * @param {[string, number][]} starts where the band of each side begins
 */
export function meterWords(starts) {
  const isFull = starts.every(([, start]) => start === 1);
  const isOne = starts.every(([, start]) => start === starts[0][1]);
  /** @param {number} start */
  const share = (start) => `${Math.round(100 * start)} % of a full repetition`;
  if (isFull) return "How far you go; the band at the top is a full repetition";
  if (isOne) return `How far you go; the band begins at ${share(starts[0][1])}`;
  return `How far you go; the band begins at ${starts.map(([side, start]) => `${share(start)} ${side}`).join(", at ")}`;
}
