// @ts-check
// One number over sessions. A mark is a link to its session: clicked, or reached with Tab and the arrow keys and opened
// with Enter.

import { part, svgElement } from "../shared/component.js";
import {
  barsPath,
  dateTicks,
  kindsOf,
  markShape,
  nameOf,
  nearestPlace,
  noteOf,
  tipPlace,
  valueLimits,
  valueTicks,
} from "./trend_places.js";

/** @import { Component, Tell } from "../shared/component.js" */
/** @import { Kind, Scale, TrendData, TrendPoint } from "./trend_places.js" */

const REACH_PX = 14; // about a mark: WCAG 2.2 asks for targets of 24 px
const TOP_PX = 8;
const BELOW_PX = 34; // two lines
const LETTER_PX = 7;
const ALONE_MS = 43200000; // on either side of a mark that is alone
const GAP_PX = 12;

/** @type {WeakMap<ParentNode, TrendChart>} */
const charts = new WeakMap();

/** @param {Component<TrendData>} component */
export default function ({ parentElement, data, setTriggerValue }) {
  let chart = charts.get(parentElement);
  if (!chart) {
    chart = new TrendChart(part(parentElement, ".trend", HTMLElement), data);
    charts.set(parentElement, chart);
  }
  chart.update(data, setTriggerValue);
  return () => {
    charts.delete(parentElement);
    chart.close();
  };
}

class TrendChart {
  /**
   * @param {HTMLElement} root
   * @param {TrendData} data
   */
  constructor(root, data) {
    this.root = root;
    this.plot = part(root, ".plot", HTMLElement);
    this.svg = part(root, ".plot > svg", SVGElement);
    this.behind = part(root, ".behind", SVGElement);
    this.row = part(root, ".marks", SVGElement);
    this.tip = part(root, ".tip", HTMLElement);
    this.data = data;
    this.sent = "";
    /** @type {SVGElement[]} */
    this.marks = [];
    /** @type {{ x: number, y: number }[]} */
    this.places = [];
    this.shown = -1;
    this.size = "";
    /** @type {Tell} */
    this.tell = () => {};
    this.listen();
    this.resized = new ResizeObserver(() => {
      if (this.size !== this.sizeNow()) this.layOut();
    });
    this.resized.observe(this.plot);
  }

  listen() {
    this.plot.addEventListener("pointermove", (event) => this.show(this.markAt(event)));
    this.plot.addEventListener("pointerleave", () => this.show(-1));
    this.plot.addEventListener("click", (event) => {
      const near = this.markAt(event);
      this.open(near < 0 ? this.numberOf(event) : near); // a click without a pointer has a mark, but no place
    });
    // Not to the row: Chromium stops with Tab at an SVG element that listens for the focus.
    this.plot.addEventListener("focusin", (event) => this.choose(this.numberOf(event)));
    this.plot.addEventListener("focusout", () => this.show(-1));
    this.plot.addEventListener("keydown", (event) => this.press(event));
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const at = this.numberOf(event);
    const last = this.marks.length - 1;
    /** @type {Record<string, number>} */
    const goals = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last };
    if (event.key === "Enter") this.open(at);
    else if (event.key === "Escape") this.show(-1);
    else if (event.key in goals) this.marks[Math.max(0, Math.min(goals[event.key], last))].focus();
    else return;
    event.preventDefault();
  }

  /**
   * @param {TrendData} data
   * @param {Tell} tell
   */
  update(data, tell) {
    this.tell = tell;
    const sent = JSON.stringify(data);
    if (sent === this.sent) return;
    this.sent = sent;
    this.data = data;
    const { label, axis, points, side, is_small } = data;
    const count = `${points.length} session${points.length === 1 ? "" : "s"}`;
    this.root.classList.toggle("small", is_small);
    this.root.setAttribute("aria-label", `${label} over time, ${count}. The arrow keys go from one to the next.`);
    part(this.root, ".axis", HTMLElement).textContent = axis;
    const kinds = is_small ? [] : kindsOf(data);
    part(this.root, ".legend", HTMLElement).replaceChildren(
      ...(kinds.length > 1 ? kinds.map(({ kind, words }) => keyOf(kind, words, side)) : []),
    );
    const radius = is_small ? 3 : 5;
    this.marks = points.map((point) => markOf(point, side, radius));
    this.row.replaceChildren(...this.marks);
    this.marks[this.marks.length - 1]?.setAttribute("tabindex", "0");
    this.show(-1);
    this.layOut();
  }

  sizeNow() {
    return `${this.svg.clientWidth} ${this.svg.clientHeight}`;
  }

  layOut() {
    const { data } = this;
    const [width, height] = [this.svg.clientWidth, this.svg.clientHeight];
    this.size = this.sizeNow();
    this.behind.replaceChildren();
    this.show(-1);
    if (!width || !data.points.length) return;
    const limits = valueLimits(data);
    const bottom = height - BELOW_PX;
    const values = valueTicks(limits, data.is_counted, data.is_small ? 3 : 5);
    const left = 16 + LETTER_PX * Math.max(0, ...values.map(({ words }) => words.length));
    const right = width - GAP_PX;
    const [first, last] = momentsOf(data.points);
    /** @type {Scale} */
    const xOf = (at) => left + ((at - first) / (last - first)) * (right - left);
    /** @type {Scale} */
    const yOf = (value) => bottom - ((value - limits[0]) / (limits[1] - limits[0])) * (bottom - TOP_PX);
    for (const { value, words } of values) {
      const y = yOf(value);
      this.line("grid", [left - GAP_PX, y], [width, y]);
      this.behind.append(svgElement("text", { class: "tick", x: left - 16, y: y + 4, "text-anchor": "end" }, words));
    }
    for (const { at, words, below } of dateTicks(first, last, Math.max(2, Math.min(8, Math.floor(width / 72))))) {
      this.word(xOf(at), bottom + 17, words, width);
      this.word(xOf(at), bottom + 31, below, width);
    }
    this.drawLines(left - GAP_PX, width, xOf, yOf);
    this.places = data.points.map(({ at, value }) => ({ x: xOf(at), y: yOf(value) }));
    this.marks.forEach((mark, i) => {
      const { x, y } = this.places[i];
      mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    });
  }

  /**
   * @param {number} left
   * @param {number} right
   * @param {Scale} xOf
   * @param {Scale} yOf
   */
  drawLines(left, right, xOf, yOf) {
    const { band, goal, course, side, points, is_small } = this.data;
    if (band) {
      const [mean, low, high] = band;
      const box = { x: left, y: yOf(high), width: right - left, height: yOf(low) - yOf(high) };
      this.behind.append(svgElement("rect", { class: "band", ...box }));
      this.line("mean", [left, yOf(mean)], [right, yOf(mean)]);
    }
    if (goal !== null) {
      this.line("goal", [left, yOf(goal)], [right, yOf(goal)]);
      const place = { x: right, y: yOf(goal) - 5, "text-anchor": "end" };
      if (!is_small) this.behind.append(svgElement("text", place, "goal"));
    }
    if (course) {
      const [start, end] = course;
      this.line(`course ${side}`, [xOf(start[0]), yOf(start[1])], [xOf(end[0]), yOf(end[1])]);
    }
    for (const tone of [side, "other"]) {
      const own = points.filter((point) => toneOf(point, side) === tone);
      this.behind.append(svgElement("path", { class: `bars ${tone}`, d: barsPath(own, xOf, yOf, is_small ? 2 : 4) }));
    }
  }

  /**
   * @param {string} kind
   * @param {[x: number, y: number]} from
   * @param {[x: number, y: number]} to
   */
  line(kind, [x1, y1], [x2, y2]) {
    this.behind.append(svgElement("line", { class: kind, x1, y1, x2, y2 }));
  }

  /**
   * Writes words in the middle below a place, moved so far that they end within the width.
   * @param {number} x
   * @param {number} y
   * @param {string} words
   * @param {number} width
   */
  word(x, y, words, width) {
    const most = width - (LETTER_PX * words.length) / 2;
    this.behind.append(svgElement("text", { class: "tick", x: Math.min(x, most), y, "text-anchor": "middle" }, words));
  }

  /** @param {MouseEvent} event */
  markAt({ clientX, clientY }) {
    const { left, top } = this.svg.getBoundingClientRect();
    return nearestPlace(this.places, clientX - left, clientY - top, REACH_PX);
  }

  /** @param {Event} event */
  numberOf({ target }) {
    return this.marks.indexOf(/** @type {SVGElement} */ (target));
  }

  /**
   * Makes a mark the one that Tab comes to.
   * @param {number} number
   */
  choose(number) {
    this.marks.forEach((mark, i) => {
      mark.setAttribute("tabindex", i === number ? "0" : "-1");
    });
    this.show(number);
  }

  /**
   * Shows the words of a mark beside it; -1 hides them.
   * @param {number} number
   */
  show(number) {
    if (number === this.shown) return;
    this.marks[this.shown]?.classList.remove("shown");
    this.shown = number;
    this.plot.classList.toggle("over", number >= 0);
    this.tip.hidden = number < 0;
    if (number < 0) return;
    this.marks[number].classList.add("shown");
    const point = this.data.points[number];
    const [said, when, note] = ["b", "span", "span"].map((name) => document.createElement(name));
    [said.textContent, when.textContent, note.textContent] = [point.said, point.when, noteOf(point)];
    this.tip.replaceChildren(said, when, note);
    const { offsetWidth, offsetHeight } = this.tip;
    const { left, top } = tipPlace(this.places[number], offsetWidth, offsetHeight, this.plot.clientWidth, GAP_PX);
    this.tip.style.transform = `translate(${left.toFixed(0)}px, ${top.toFixed(0)}px)`;
  }

  /** @param {number} number */
  open(number) {
    if (number >= 0) this.tell("session", this.data.points[number].session);
  }

  close() {
    this.resized.disconnect();
  }
}

/**
 * Returns the first and the last moment of the axis.
 * @param {TrendPoint[]} points
 */
function momentsOf(points) {
  const [first, last] = [points[0].at, points[points.length - 1].at];
  return first < last ? [first, last] : [first - ALONE_MS, last + ALONE_MS];
}

/** @type {(point: TrendPoint, side: string) => string} */
const toneOf = (point, side) => (point.is_comparable ? side : "other");

/**
 * @param {TrendPoint} point
 * @param {string} side
 * @param {number} radius
 */
function markOf(point, side, radius) {
  return svgElement("path", {
    class: `mark ${toneOf(point, side)}${point.is_sure ? "" : " open"}`,
    d: markShape(point.is_baseline, radius),
    role: "link",
    tabindex: "-1",
    "aria-label": nameOf(point),
  });
}

/**
 * @param {Kind} kind
 * @param {string} words
 * @param {string} side
 */
function keyOf(kind, words, side) {
  const key = document.createElement("span");
  key.className = "key";
  const picture = svgElement("svg", { viewBox: "-10 -7 20 14" });
  picture.append(keyPicture(kind, side));
  key.append(picture, words);
  return key;
}

/**
 * @param {Kind} kind
 * @param {string} side
 */
function keyPicture(kind, side) {
  if (kind === "band") return svgElement("rect", { class: "band", x: -10, y: -6, width: 20, height: 12 });
  if (kind === "course") return svgElement("line", { class: `course ${side}`, x1: -10, x2: 10 });
  const tone = kind === "other" ? "other" : side;
  return svgElement("path", {
    class: `mark ${tone}${kind === "unsure" ? " open" : ""}`,
    d: markShape(kind === "baseline", 5),
  });
}
