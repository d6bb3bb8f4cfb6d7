// @ts-check
// How far the person is from rest to the turn of a full repetition, as bars beside the picture, with the band to reach.

/** @import { Reach } from "./live_data.js" */

const TOP = 1.25; // of a full way: the upper end of the band (ours)

/** @typedef {{ column: HTMLElement, fill: HTMLElement, mark: HTMLElement }} Bar */

export class RangeMeter {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {Map<string, Bar>} by side */
    this.bars = new Map();
  }

  /** @param {Reach} reach nothing of a side that is not seen now: its bar stays as it is, paler */
  show(reach) {
    for (const [side, share] of Object.entries(reach)) {
      const { fill, column } = this.bars.get(side) ?? this.add(side);
      fill.style.height = `${100 * heightOf(share)}%`;
      column.classList.toggle("full", share >= 1);
    }
    for (const [side, { column }] of this.bars) column.classList.toggle("unknown", !(side in reach));
    this.element.hidden = this.bars.size === 0;
  }

  /** @param {number | null} target where the tempo is, from rest, 0, to the turn, 1 */
  showTarget(target) {
    for (const { mark } of this.bars.values()) {
      mark.hidden = target === null;
      mark.style.bottom = `${100 * heightOf(target ?? 0)}%`;
    }
  }

  /** @param {string} side */
  add(side) {
    const [column, band, fill, mark, name] = ["column", "band", "fill", "mark", "side"].map((kind) => {
      const made = document.createElement("div");
      made.className = kind;
      return made;
    });
    band.style.height = `${100 * (1 - 1 / TOP)}%`;
    mark.hidden = true;
    name.textContent = side === "both" ? "" : side[0].toUpperCase();
    column.append(fill, band, mark, name);
    this.element.append(column);
    const bar = { column, fill, mark };
    this.bars.set(side, bar);
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
 */
export function heightOf(share) {
  return Math.min(Math.max(share / TOP, 0), 1);
}
