// @ts-check
// Mean curves over a cycle or a repetition with their spread, and a cursor.

import { svgElement } from "./component.js";
import { linePath, scaleOf, ticks } from "./curve.js";

/** @typedef {{ tone: string, mean: number[], sd: number[] }} PhaseLine `tone` is a class of the style sheet */

const LEFT_PX = 34;
const RIGHT_PX = 12; // half of "100"
const BOTTOM_PX = 20;

/**
 * Returns the `d` of the area between mean - SD and mean + SD.
 * @param {PhaseLine} line
 * @param {(index: number) => number} xOf
 * @param {(value: number) => number} yOf
 */
export function bandPath({ mean, sd }, xOf, yOf) {
  const upper = mean.map((deg, i) => `${xOf(i).toFixed(1)} ${yOf(deg + sd[i]).toFixed(1)}`);
  const lower = mean.map((deg, i) => `${xOf(i).toFixed(1)} ${yOf(deg - sd[i]).toFixed(1)}`).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}

/**
 * Returns the limits of a scale that has room for all lines and their spread.
 * @param {PhaseLine[]} lines
 * @param {number} spanMin
 */
export function scaleOfLines(lines, spanMin) {
  const ends = lines.flatMap(({ mean, sd }) => mean.flatMap((deg, i) => [deg - sd[i], deg + sd[i]]));
  return scaleOf(ends, spanMin);
}

export class PhaseChart {
  /**
   * @param {SVGElement} svg
   * @param {HTMLElement} cursor
   */
  constructor(svg, cursor) {
    this.svg = svg;
    this.cursor = cursor;
    this.width = 0;
  }

  /** @param {number} share */
  xOf(share) {
    return LEFT_PX + share * Math.max(this.width - LEFT_PX - RIGHT_PX, 1);
  }

  /** @param {number} clientX */
  shareAt(clientX) {
    const x = clientX - this.svg.getBoundingClientRect().left;
    return (x - LEFT_PX) / Math.max(this.width - LEFT_PX - RIGHT_PX, 1);
  }

  /**
   * @param {PhaseLine[]} lines
   * @param {[number, number]} scale
   */
  draw(lines, [low, high]) {
    const { svg } = this;
    this.width = svg.clientWidth;
    const height = svg.clientHeight - BOTTOM_PX;
    svg.replaceChildren();
    if (!this.width) return;
    /** @param {number} deg */
    const yOf = (deg) => height - ((deg - low) / (high - low)) * height;
    for (const deg of ticks(low, high)) {
      const y = yOf(deg);
      svg.append(svgElement("line", { class: "grid", x1: LEFT_PX, x2: this.width - RIGHT_PX, y1: y, y2: y }));
      svg.append(svgElement("text", { x: LEFT_PX - 4, y: y + 4, "text-anchor": "end" }, `${deg}°`));
    }
    for (const percent of this.width < 260 ? [0, 50, 100] : [0, 20, 40, 60, 80, 100]) {
      const words = percent === 100 ? "100 %" : String(percent);
      const x = this.xOf(percent / 100) + (percent === 100 ? RIGHT_PX : 0);
      svg.append(svgElement("text", { x, y: height + 16, "text-anchor": percent === 100 ? "end" : "middle" }, words));
    }
    for (const line of lines) {
      const last = line.mean.length - 1;
      /** @param {number} i */
      const xAt = (i) => this.xOf(i / last);
      svg.append(svgElement("path", { class: `band ${line.tone}`, d: bandPath(line, xAt, yOf) }));
      svg.append(svgElement("path", { class: `line ${line.tone}`, d: linePath(line.mean, xAt, yOf) }));
    }
  }

  /** @param {number} share */
  move(share) {
    this.cursor.style.transform = `translateX(${this.xOf(share).toFixed(1)}px)`;
  }
}
