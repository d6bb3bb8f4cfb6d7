// @ts-check
// The session's clip and its curves as one: the cursor over a curve seeks the clip, the playing clip moves the cursor.
// Times in the data are those of the analysis; `file_s` says where in the clip they are (later, in slow motion).

import { Seeker, unload, Watcher } from "../shared/clip.js";
import { part, showOnly, svgElement } from "../shared/component.js";
import { linePath, pageOf, ticks } from "../shared/curve.js";
import { drawFigure, placer } from "../shared/figure.js";
import { between, nearest, within } from "../shared/times.js";
import { arcOf, drawArcs } from "./arcs.js";
import { letCorrect, marksOn } from "./marks.js";
import { Pair } from "./pair.js";
import { poseOf, readPlayerData } from "./player_data.js";
import { Strip } from "./strip.js";
import { followingWindows, transformTo } from "./zoom.js";

/** @import { Component, Tell } from "../shared/component.js" */
/** @import { Box } from "../shared/figure.js" */
/** @import { Correction } from "./marks.js" */
/** @import { Mark, PlayerData, SentData, Span } from "./player_data.js" */

const NARROW_PX = 640;
const HELD_PX = 16;
const LEFT_PX = 34;
const RIGHT_PX = 6;
const BOTTOM_PX = 20;
/** A seek to the very start of a frame may show the one before. */
const INTO_FRAME_S = 0.002;
/** A pose that is further away than this is not that of the picture: of a very long clip not all are sent (ours). */
const SAME_S = 0.02;

/** @type {WeakMap<ParentNode, Player>} */
const players = new WeakMap();

/** Whether angles are drawn on the picture: as long as the page lives, for all its sessions. */
let showsAngles = true;

/** @param {Component<SentData>} component */
export default function (component) {
  const { parentElement, data } = component;
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(part(parentElement, ".player", HTMLElement), data, component.setTriggerValue);
    players.set(parentElement, player);
  }
  player.update(data, component.setTriggerValue);
  return () => {
    players.delete(parentElement);
    player.close();
  };
}

export class Player {
  /**
   * @param {HTMLElement} root
   * @param {SentData} sent
   * @param {Tell} tell
   */
  constructor(root, sent, tell) {
    this.root = root;
    /** @type {PlayerData} */
    this.data = readPlayerData(sent);
    this.tell = tell;
    this.video = part(root, "video", HTMLVideoElement);
    this.canvas = part(root, ".stage canvas", HTMLCanvasElement);
    this.plot = part(root, ".plot", HTMLElement);
    this.svg = part(root, ".plot svg", SVGElement);
    this.cursor = part(root, ".cursor", HTMLElement);
    this.legend = part(root, ".legend", HTMLElement);
    this.clock = part(root, ".clock", HTMLElement);
    this.slider = part(root, ".moment", HTMLInputElement);
    this.joint = part(root, ".joint", HTMLSelectElement);
    this.playButton = part(root, ".play", HTMLButtonElement);
    this.stickButton = part(root, ".stick", HTMLButtonElement);
    this.zoomButton = part(root, ".zoom", HTMLButtonElement);
    this.anglesButton = part(root, ".angles", HTMLButtonElement);
    this.arcs = part(root, ".arcs", SVGElement);
    /** @type {Box[] | null} */
    this.windows = null;
    this.zooms = true;
    this.takeButton = part(root, ".take", HTMLButtonElement);
    this.pace = part(root, ".pace select", HTMLSelectElement);
    /** @type {{ row: HTMLElement, names: HTMLElement[], marks: (Mark | Span)[] }[]} */
    this.rows = [];
    /** @type {Map<Mark, HTMLButtonElement>} those of the marks on the page that the chart shows */
    this.marks = new Map();
    /** @type {string | null} */
    this.version = null;
    /** @type {string | null} */
    this.sought = null;
    this.time = sent.first_look_s ?? this.first; // not at once a picture with nobody in it
    this.before = performance.now();
    this.playing = false;
    this.asStick = false;
    /** @type {number | null} */
    this.heldAtX = null;
    this.seeker = new Seeker(this.video);
    this.watcher = new Watcher(this.video, () => this.drawAngles());
    this.pair = new Pair(part(root, ".pair", HTMLElement), this);
    this.strip = new Strip(part(root, ".strip", HTMLElement), this);
    this.listen();
    /** Sizes on the screen, kept because asking for them while something is drawn takes a new layout each time. */
    this.width = 0;
    /** The stretch of time that the chart shows. */
    this.page = [0, 0];
    /** @type {[number, number]} */
    this.stageSize = [0, 0];
    this.resized = new ResizeObserver(() => this.layOut());
    for (const one of [root, this.arcs]) this.resized.observe(one);
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  listen() {
    const { root, video, plot, slider } = this;
    /** @type {(selector: string, go: () => void) => void} */
    const onClick = (selector, go) => part(root, selector, HTMLElement).addEventListener("click", go);
    const playOrPause = () => (this.playing ? this.pause() : this.play());
    onClick(".play", playOrPause);
    onClick(".stage video", playOrPause);
    onClick(".back", () => this.step(-1));
    onClick(".on", () => this.step(1));
    onClick(".take", () => this.tell("moment", Number(this.time.toFixed(3))));
    onClick(".zoom", () => {
      this.zooms = !this.zooms;
      this.zoomButton.setAttribute("aria-pressed", String(this.zooms));
      this.show(this.time);
    });
    onClick(".angles", () => {
      showsAngles = !showsAngles;
      this.showAngles();
    });
    onClick(".stick", () => this.showStick(!this.asStick));
    this.pace.addEventListener("change", () => {
      video.playbackRate = Number(this.pace.value);
    });
    this.joint.addEventListener("change", () => {
      this.showAngles();
      this.draw();
      this.strip.draw();
    });
    slider.addEventListener("input", () => {
      this.pause();
      this.seek(Number(slider.value));
    });
    /** @param {PointerEvent} event */
    const follow = (event) => {
      if (!this.playing || event.buttons) this.seek(within(this.timeAt(event.clientX), this.page[0], this.page[1]));
    };
    plot.addEventListener("pointermove", (event) => {
      if (!this.stays(event)) follow(event);
    });
    plot.addEventListener("pointerdown", (event) => {
      if (event.target === plot) follow(event);
    });
    plot.addEventListener("dblclick", (event) => {
      if (this.data.takes_repetitions) this.correct({ kind: "add_repetition", time_s: this.timeAt(event.clientX) });
    });
    video.addEventListener("ended", () => this.pause());
    video.addEventListener("error", () => this.showStick(true));
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.resized.disconnect();
    this.watcher.close();
    this.pair.close();
    unload(this.video);
  }

  /**
   * @param {SentData} sent
   * @param {Tell} tell
   */
  update(sent, tell) {
    this.tell = tell;
    this.takeButton.hidden = !sent.takes_moments;
    if (sent.version !== this.version) {
      if (this.version !== null) this.data = readPlayerData(sent);
      this.version = sent.version;
      this.fill();
    }
    if (sent.seek && sent.seek.key !== this.sought) {
      this.sought = sent.seek.key;
      this.pause();
      this.seek(sent.seek.time_s);
    } else if (!sent.seek) {
      this.sought = null;
    }
  }

  get first() {
    return this.data.time_s[0] ?? 0;
  }

  get last() {
    return this.data.time_s[this.data.time_s.length - 1] ?? 0;
  }

  fill() {
    const { data } = this;
    if (data.src) {
      if (this.video.getAttribute("src") !== data.src) this.video.src = data.src;
    } else {
      unload(this.video);
    }
    this.stickButton.hidden = !data.src || !data.xy.length;
    this.windows = data.xy.length ? followingWindows(data.time_s, data.xy, data.image_wh) : null;
    this.zoomButton.hidden = !this.windows;
    this.showStick(!data.src);
    const chosen = data.curves.findIndex((curve) => curve.chosen);
    this.joint.replaceChildren(...data.curves.map((curve, i) => new Option(curve.label, String(i))));
    this.joint.value = String(Math.max(0, chosen));
    part(this.root, ".curves", HTMLElement).hidden = !data.time_s.length;
    this.slider.min = String(this.first);
    this.slider.max = String(this.last);
    this.root.classList.remove("waits");
    part(this.root, ".corrections", HTMLElement).textContent = this.howToCorrect();
    this.fillLanes();
    this.showAngles();
    this.strip.fill();
    this.pair.fill();
    this.layOut();
    this.seek(this.time);
  }

  howToCorrect() {
    const { lanes, spans, takes_moments, takes_repetitions } = this.data;
    if (!takes_moments) return "";
    if (takes_repetitions)
      return `To correct: double-click where a repetition is missing${spans.length ? "; press Delete on one that is none" : ""}.`;
    return lanes.some((lane) => lane.side)
      ? "To correct: drag an end of a bar (heel strike left, toe-off right; Shift and an arrow key), double-click beside them to add a heel strike, press Delete to remove one."
      : "";
  }

  fillLanes() {
    const lanes = this.data.lanes.map(({ label, side, marks }) => {
      const row = document.createElement("div");
      row.className = "lane";
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = label;
      if (side)
        row.addEventListener("dblclick", (event) => {
          const time_s = this.timeAt(event.clientX);
          if (event.target === row) this.correct({ kind: "add_contact", time_s, side, contact: "heel_strike" });
        });
      return { row, names: [name], marks };
    });
    const spans = part(this.root, ".spans", HTMLElement);
    this.rows = [{ row: spans, names: [], marks: this.data.spans }, ...lanes];
    this.marks.clear();
    part(this.root, ".lanes", HTMLElement).replaceChildren(...lanes.map(({ row }) => row));
  }

  /** Puts the marks of the chart's page into their rows, and takes the others away: an hour of walking has 13,000. */
  showMarks() {
    const before = this.marks;
    this.marks = new Map();
    for (const { row, names, marks } of this.rows) {
      const shown = marksOn(marks, this.page);
      for (const mark of shown) this.marks.set(mark, before.get(mark) ?? this.markButton(mark));
      showOnly(row, [...names, ...shown.flatMap((mark) => this.marks.get(mark) ?? [])]);
    }
  }

  /** @param {Mark | Span} mark */
  markButton(mark) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `${mark.side}${mark.end_s === null ? " moment-mark" : ""}`;
    button.title = mark.label;
    button.setAttribute("aria-label", mark.label);
    button.textContent = "number" in mark ? mark.number : "";
    button.addEventListener("click", (event) => {
      this.heldAtX = event.clientX;
      this.pause();
      this.seek(mark.start_s);
    });
    if (mark.corrects && this.data.takes_moments) letCorrect(button, mark, this);
    return button;
  }

  /** @param {Correction} correction */
  correct(correction) {
    if (!this.data.takes_moments) return;
    this.pause();
    this.root.classList.add("waits");
    this.tell("correction", correction);
  }

  /**
   * After a click on a repetition the mouse is still over the curve: its next small move is no wish to go elsewhere.
   * @param {PointerEvent} event
   */
  stays(event) {
    const small = this.heldAtX !== null && !event.buttons && Math.abs(event.clientX - this.heldAtX) < HELD_PX;
    if (!small) this.heldAtX = null;
    return small;
  }

  // -- time

  play() {
    this.playing = true;
    this.pair.pause();
    this.video.playbackRate = Number(this.pace.value);
    if (this.time >= this.last - 0.02) this.seek(this.first);
    this.before = performance.now();
    if (this.data.src) this.video.play().catch(() => this.pause());
    this.showPlaying();
  }

  pause() {
    this.playing = false;
    this.video.pause();
    this.showPlaying();
  }

  showPlaying() {
    this.playButton.textContent = this.playing ? "❚❚" : "▶";
    this.playButton.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.strip.showActions();
  }

  /** @param {number} by frames */
  step(by) {
    this.pause();
    if (this.data.time_s.length) this.seek(this.frameBeside(this.time, by));
  }

  /**
   * @param {number} time
   * @param {number} by frames
   */
  frameBeside(time, by) {
    const times = this.data.time_s;
    return times[within(nearest(times, time) + by, 0, times.length - 1)];
  }

  /** @param {number} time */
  seek(time) {
    this.show(within(time, this.first, this.last));
    if (this.data.src) this.seeker.to(this.toFile(this.frameBeside(this.time, 0)) + INTO_FRAME_S);
  }

  /** @param {number} time */
  toFile(time) {
    return this.data.file_s ? between(this.data.time_s, this.data.file_s, time) : time;
  }

  /** @param {number} time */
  fromFile(time) {
    return this.data.file_s ? between(this.data.file_s, this.data.time_s, time) : time;
  }

  /** @param {number} now */
  tick(now) {
    if (this.playing) this.advance(now);
    this.pair.tick(now, now - this.before);
    this.before = now;
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  /** @param {number} now */
  advance(now) {
    if (this.data.src && !this.video.error) {
      const at = this.fromFile(this.watcher.shown_s ?? this.video.currentTime);
      if (this.seeker.arrived && at !== this.time) this.show(Math.min(at, this.last));
      return;
    }
    this.show(Math.min(this.time + ((now - this.before) / 1000) * Number(this.pace.value), this.last));
    if (this.time >= this.last) this.pause();
  }

  // -- frames

  /** @param {number} time */
  show(time) {
    this.time = time;
    const isBeyond = time < this.page[0] || time > this.page[1];
    if (isBeyond && pageOf(time, this.first, this.last)[0] !== this.page[0]) this.layOutPage();
    this.root.dataset.timeS = time.toFixed(3);
    this.clock.textContent = `${time.toFixed(2)} s`;
    this.slider.value = String(time);
    this.slider.setAttribute("aria-valuetext", `${time.toFixed(2)} seconds`);
    this.cursor.style.transform = `translateX(${this.xOf(time).toFixed(1)}px)`;
    this.showValues();
    this.strip.showTime(time);
    this.zoomTo(time);
    if (this.asStick) this.drawFigure(this.canvas, time, this.shown(time));
    this.drawAngles();
  }

  showAngles() {
    const curve = this.data.curves[Number(this.joint.value)];
    this.anglesButton.hidden = !this.data.xy.length || !curve?.lines.some((line) => line.arms);
    this.anglesButton.setAttribute("aria-pressed", String(showsAngles));
    this.drawAngles();
  }

  /** Draws the angles of the picture that is on the screen, which while the clip seeks is still the one before. */
  drawAngles() {
    const { data, arcs } = this;
    const time = this.asStick || !data.src ? this.time : this.fromFile(this.watcher.shown_s ?? this.toFile(this.time));
    const row = nearest(data.time_s, time);
    const isKnown = data.xy.length && Math.abs(data.time_s[row] - time) < SAME_S;
    const lines = showsAngles && isKnown ? (data.curves[Number(this.joint.value)]?.lines ?? []) : [];
    if (!lines.length && !arcs.childElementCount) return;
    const at = placer(poseOf(data, row), this.pictured(this.time), ...this.stageSize);
    const angles = lines.flatMap(({ side, deg, arms }) => {
      const value = deg.at(row);
      const arc = arms && value !== null ? arcOf(at, arms) : null;
      return arc ? [{ arc, side, words: degreesOf(value) }] : [];
    });
    drawArcs(arcs, angles, this.stageSize);
  }

  /**
   * Returns the part of the picture that fills the stage: the clip is shown whole, the figure as near as it fits.
   * @param {number} time
   * @returns {Box}
   */
  pictured(time) {
    const whole = !this.asStick && !(this.windows && this.zooms);
    return whole && this.data.image_wh ? [0, 0, ...this.data.image_wh] : this.shown(time);
  }

  /**
   * Returns the part of the picture that is shown at a moment.
   * @param {number} time
   * @returns {Box}
   */
  shown(time) {
    return this.windows && this.zooms ? this.windows[nearest(this.data.time_s, time)] : this.data.box;
  }

  /** @param {number} time */
  zoomTo(time) {
    const { image_wh } = this.data;
    const zoomed = this.windows && this.zooms && image_wh && this.stageSize[0] > 0;
    this.video.style.transform = zoomed ? transformTo(this.shown(time), image_wh, this.stageSize) : "";
  }

  showValues() {
    const curve = this.data.curves[Number(this.joint.value)];
    const at = nearest(this.data.time_s, this.time);
    this.legend.querySelectorAll("b").forEach((value, i) => {
      const words = degreesOf(curve.lines[i].deg.at(at));
      if (value.textContent !== words) value.textContent = words;
    });
  }

  /** @param {boolean} asStick */
  showStick(asStick) {
    this.asStick = asStick && this.data.xy.length > 0;
    this.canvas.hidden = !this.asStick;
    this.video.hidden = this.asStick || !this.data.src;
    this.stickButton.setAttribute("aria-pressed", String(this.asStick));
    if (this.asStick) this.drawFigure(this.canvas, this.time, this.shown(this.time));
    this.drawAngles();
    this.pair.showStick(this.asStick);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} time
   */
  drawFigure(canvas, time, window_px = this.data.box) {
    const { xy, time_s, plan } = this.data;
    if (!xy.length) return;
    const style = getComputedStyle(this.root);
    drawFigure(canvas, poseOf(this.data, nearest(time_s, time)), plan, window_px, (side) =>
      style.getPropertyValue(`--${side}`),
    );
  }

  // -- curves

  /** @param {number} time */
  xOf(time) {
    return LEFT_PX + (time - this.page[0]) / this.secondsPerPx;
  }

  get secondsPerPx() {
    return (this.page[1] - this.page[0] || 1) / Math.max(this.width - LEFT_PX - RIGHT_PX, 1);
  }

  /** @param {number} clientX */
  timeAt(clientX) {
    const x = clientX - this.plot.getBoundingClientRect().left;
    return this.page[0] + (x - LEFT_PX) * this.secondsPerPx;
  }

  layOut() {
    this.root.classList.toggle("narrow", this.root.clientWidth < NARROW_PX);
    this.width = this.plot.clientWidth;
    this.stageSize = [this.arcs.clientWidth, this.arcs.clientHeight];
    this.slider.style.paddingLeft = "0";
    this.layOutPage();
    this.strip.layOut();
    this.pair.draw();
  }

  layOutPage() {
    this.page = pageOf(this.time, this.first, this.last);
    const [from, to] = this.page;
    this.showMarks();
    for (const [mark, button] of this.marks) {
      const [start, end] = [mark.start_s, mark.end_s ?? mark.start_s];
      // A bar that goes on beyond the page is cut there.
      const [left, right] = [this.xOf(Math.max(start, from)), this.xOf(Math.min(end, to))];
      button.style.left = `${left}px`;
      button.style.transform = "";
      if (mark.end_s !== null) button.style.width = `${Math.max(right - left, 4)}px`;
    }
    this.draw();
  }

  draw() {
    const { data, svg, width } = this;
    const height = this.plot.clientHeight - BOTTOM_PX;
    const curve = data.curves[Number(this.joint.value)];
    svg.replaceChildren();
    this.legend.replaceChildren();
    if (!curve || !width) return;
    const [low, high] = curve.scale;
    /** @param {number} deg */
    const yOf = (deg) => height - ((deg - low) / (high - low)) * height;
    for (const deg of ticks(low, high)) {
      const y = yOf(deg);
      svg.append(svgElement("line", { class: "grid", x1: LEFT_PX, x2: width - RIGHT_PX, y1: y, y2: y }));
      svg.append(svgElement("text", { x: LEFT_PX - 4, y: y + 4, "text-anchor": "end" }, `${deg}°`));
    }
    for (const time of ticks(this.page[0], this.page[1])) {
      const words = `${Number(time.toFixed(2))} s`;
      svg.append(svgElement("text", { x: this.xOf(time), y: height + 16, "text-anchor": "middle" }, words));
    }
    const [first, last] = [nearest(data.time_s, this.page[0]), nearest(data.time_s, this.page[1])];
    for (const line of curve.lines) {
      const d = linePath(line.deg.slice(first, last + 1), (i) => this.xOf(data.time_s[first + i]), yOf);
      svg.append(svgElement("path", { class: line.side, d, stroke: `var(--${line.side})` }));
      const key = document.createElement("span");
      key.className = line.side;
      const stroke = document.createElement("i");
      stroke.style.borderTopColor = `var(--${line.side})`;
      key.append(stroke, line.side === "both" ? curve.label : line.side, document.createElement("b"));
      this.legend.append(key);
    }
    this.show(this.time);
  }
}

/** @param {number | null} deg */
function degreesOf(deg) {
  return deg === null ? "–" : `${Math.round(deg)}°`;
}
