// @ts-check
// The strip of steps or repetitions: for each a tile with the body at its key moment and the curve over it.

import { bodyFigure } from "../shared/body.js";
import { part, showOnly, svgElement } from "../shared/component.js";
import { linePath } from "../shared/curve.js";
import { placer } from "../shared/figure.js";
import { nearest, within } from "../shared/times.js";
import { deleted, letCorrectByKeys, movedEnd } from "./marks.js";
import { poseOf } from "./player_data.js";
import { boxOf } from "./zoom.js";

/** @import { BodyFigure } from "../shared/body.js" */
/** @import { Box } from "../shared/figure.js" */
/** @import { Packed } from "../shared/packed.js" */
/** @import { Player } from "./player.js" */
/** @import { Curve, PlayerData, Tile } from "./player_data.js" */

const WIDE = 72;
const HIGH = 56;
const CURVE_HIGH = 24;
const ROOM_AROUND = 1.25;
const HEAD_SHARE = 0.2; // of the room, above the topmost keypoint
const LEFT_ALONE_MS = 3000;
const NEAR = 3; // tiles beyond the edge that are there before they come

/**
 * Returns the index of the tile that a moment belongs to: the last one that has begun and not ended; -1 for none.
 * @param {Tile[]} tiles in the order of their starts
 * @param {number} time
 */
export function tileAt(tiles, time) {
  let low = 0;
  let high = tiles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tiles[middle].start_s <= time) low = middle + 1;
    else high = middle;
  }
  const tile = tiles[low - 1];
  return tile && (time <= tile.end_s || time === tile.start_s) ? low - 1 : -1;
}

/**
 * Returns the index of the tile whose key moment is nearest; -1 without tiles.
 * @param {Tile[]} tiles
 * @param {number} time
 */
export function tileNear(tiles, time) {
  if (!tiles.length) return -1;
  return nearest(
    tiles.map((tile) => tile.key_s),
    time,
  );
}

/**
 * Returns windows of one size around poses, so that all are drawn at the same scale; null for a pose of nobody.
 * @param {Packed[]} poses
 * @param {number} ratio width over height
 * @returns {(Box | null)[]}
 */
export function windowsAround(poses, ratio) {
  const boxes = poses.map(boxOf);
  const halves = boxes.map((box) => (box ? Math.max(box[3] - box[1], (box[2] - box[0]) / ratio, 1) / 2 : 0));
  const half = ROOM_AROUND * Math.max(0, ...halves);
  return boxes.map((box) => {
    if (!box) return null;
    const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2 - (HEAD_SHARE / 2) * half];
    return [x - half * ratio, y - half, x + half * ratio, y + half];
  });
}

/**
 * Returns the values of a curve from one moment to another, and their times.
 * @param {number[]} times
 * @param {Pick<Packed, "slice">} values
 * @param {number} start
 * @param {number} end
 */
export function stretchOf(times, values, start, end) {
  const [first, last] = [nearest(times, start), nearest(times, end)];
  return { times: times.slice(first, last + 1), values: values.slice(first, last + 1) };
}

/**
 * Returns the first tile that can be seen, or nearly, and the one after the last.
 * @param {number} scrolled
 * @param {number} wide
 * @param {number} pitch from one tile to the next; 0 before they are laid out
 * @param {number} count
 */
export function inSight(scrolled, wide, pitch, count) {
  if (pitch <= 0) return [0, 0];
  const first = Math.floor(scrolled / pitch) - NEAR;
  const end = Math.ceil((scrolled + wide) / pitch) + NEAR;
  return [within(first, 0, count), within(end, 0, count)];
}

export class Strip {
  /**
   * @param {HTMLElement} root
   * @param {Player} player
   */
  constructor(root, player) {
    this.root = root;
    this.player = player;
    this.row = part(root, ".tiles", HTMLElement);
    this.all = part(root, ".all-tiles", HTMLElement);
    this.chosen = part(root, ".chosen", HTMLElement);
    this.deleteButton = part(root, ".tile-delete", HTMLButtonElement);
    this.earlierButton = part(root, ".tile-earlier", HTMLButtonElement);
    this.laterButton = part(root, ".tile-later", HTMLButtonElement);
    this.adders = part(root, ".adders", HTMLElement);
    /** @type {Map<number, HTMLButtonElement>} those of the tiles that are in the page, by the number of the tile */
    this.buttons = new Map();
    /** @type {(Box | null)[]} */
    this.windows = [];
    this.current = -1;
    this.leftAloneUntil = 0;
    this.wide = 0;
    this.pitch = 0; // from one tile to the next
    this.listen();
  }

  listen() {
    this.row.addEventListener("keydown", (event) => this.onKey(event));
    this.row.addEventListener("scroll", () => this.showInSight(), { passive: true });
    for (const kind of ["wheel", "touchstart", "pointerdown"]) {
      this.row.addEventListener(
        kind,
        () => {
          this.leftAloneUntil = performance.now() + LEFT_ALONE_MS;
        },
        { passive: true },
      );
    }
    this.deleteButton.addEventListener("click", () => {
      const tile = this.tiles[this.current];
      if (tile) this.player.correct(deleted(tile));
    });
    this.earlierButton.addEventListener("click", () => this.move(-1));
    this.laterButton.addEventListener("click", () => this.move(1));
  }

  /** @returns {PlayerData} */
  get data() {
    return this.player.data;
  }

  get tiles() {
    return this.data.tiles;
  }

  // -- tiles

  fill() {
    const { tiles, row, all, data } = this;
    const hadFocus = this.focused() !== null;
    this.root.hidden = !tiles.length;
    this.windows = windowsAround(
      data.xy.length ? tiles.map((tile) => data.xy[nearest(data.time_s, tile.key_s)]) : [],
      WIDE / HIGH,
    );
    row.setAttribute("aria-label", tiles[0]?.corrects === "repetition" ? "Repetitions" : "Heel strikes");
    all.style.setProperty("--count", String(tiles.length));
    this.buttons.clear();
    all.replaceChildren();
    this.fillAdders();
    this.current = -2;
    this.showTime(this.player.time);
    if (hadFocus) this.buttons.get(this.stopAt())?.focus({ preventScroll: true });
  }

  /** @param {number} i */
  tileButton(i) {
    const tile = this.tiles[i];
    const button = document.createElement("button");
    button.type = "button";
    button.className = `tile ${tile.side}`;
    button.title = tile.label;
    button.style.setProperty("--i", String(i));
    const picture = svgElement("svg", { viewBox: `0 0 ${WIDE} ${HIGH + CURVE_HIGH}`, "aria-hidden": "true" });
    button.append(picture, spanOf("words", tile.words), spanOf("said", tile.label));
    part(button, ".words", HTMLElement).setAttribute("aria-hidden", "true");
    button.addEventListener("click", () => this.go(i));
    if (tile.corrects && this.data.takes_moments) letCorrectByKeys(button, tile, this.player);
    return button;
  }

  /** Measures the strip, once for all its tiles, and shows what is in sight. */
  layOut() {
    const { row, all, tiles } = this;
    this.wide = row.clientWidth;
    this.pitch = tiles.length ? all.getBoundingClientRect().width / tiles.length : 0;
    this.showInSight();
  }

  /** Draws all anew that is in the page. */
  draw() {
    for (const i of this.buttons.keys()) this.drawTile(i);
  }

  /**
   * Puts into the page what of the strip is in sight, the tile that the Tab key reaches and the one with the focus, and
   * takes the others away: an hour of walking has 6,600.
   */
  showInSight() {
    const [first, end] = inSight(this.row.scrollLeft, this.wide, this.pitch, this.tiles.length);
    const stop = this.stopAt();
    const wanted = new Set([stop, this.focused() ?? stop].filter((i) => i >= 0));
    for (let i = first; i < end; i += 1) wanted.add(i);
    const before = this.buttons;
    this.buttons = new Map([...wanted].sort((a, b) => a - b).map((i) => [i, before.get(i) ?? this.tileButton(i)]));
    showOnly(this.all, [...this.buttons.values()]);
    for (const [i, button] of this.buttons) {
      button.tabIndex = i === stop ? 0 : -1;
      if (i === this.current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (!before.has(i)) this.drawTile(i);
    }
  }

  /** Returns the number of the tile with the focus, or null. */
  focused() {
    const { activeElement } = /** @type {ShadowRoot | Document} */ (this.row.getRootNode());
    for (const [i, button] of this.buttons) if (button === activeElement) return i;
    return null;
  }

  /** @param {number} i */
  drawTile(i) {
    const { data, tiles, windows } = this;
    const [tile, window_px] = [tiles[i], windows[i]];
    const pose = poseOf(data, nearest(data.time_s, tile.key_s));
    const drawn = window_px ? bodyShapes(bodyFigure(placer(pose, window_px, WIDE, HIGH), data.plan)) : [];
    const curve = data.curves[Number(this.player.joint.value)];
    const button = this.buttons.get(i);
    if (button) part(button, "svg", SVGElement).replaceChildren(...drawn, ...curveShapes(data, curve, tile));
  }

  // -- time

  /** Returns the tile that the Tab key reaches. */
  stopAt() {
    return this.current >= 0 ? this.current : tileNear(this.tiles, this.player.time);
  }

  /** @param {number} time */
  showTime(time) {
    const current = tileAt(this.tiles, time);
    if (current === this.current) return;
    this.current = current;
    if (current >= 0 && performance.now() > this.leftAloneUntil) this.scrollTo(current);
    this.showInSight();
    this.showActions();
  }

  /** @param {number} i */
  scrollTo(i) {
    this.row.scrollLeft = (i + 0.5) * this.pitch - this.wide / 2;
  }

  /** @param {number} i */
  go(i) {
    const tile = this.tiles[i];
    if (!tile) return;
    this.player.pause();
    this.player.seek(tile.key_s);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.defaultPrevented || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    const last = this.tiles.length - 1;
    const from = this.focused();
    if (from === null) return;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const i = within(to, 0, last);
    this.leftAloneUntil = 0;
    this.go(i);
    this.scrollTo(i);
    this.showInSight();
    this.buttons.get(i)?.focus({ preventScroll: true });
  }

  // -- corrections

  showActions() {
    const tile = this.tiles[this.current];
    const may = this.data.takes_moments && !!tile && !this.player.playing;
    this.chosen.textContent = tile ? tile.label : "";
    for (const button of [this.deleteButton, this.earlierButton, this.laterButton]) {
      button.hidden = !this.data.takes_moments || (button !== this.deleteButton && this.data.takes_repetitions);
      button.disabled = !may || !tile.corrects;
    }
  }

  fillAdders() {
    const { takes_moments, takes_repetitions, lanes } = this.data;
    /** @type {[words: string, side: string | null][]} */
    const kinds = takes_repetitions
      ? [["Add a repetition here", null]]
      : lanes.filter((lane) => lane.side).map((lane) => [`Add a ${lane.side} heel strike here`, lane.side]);
    const made = kinds.map(([words, side]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.addEventListener("click", () => {
        const time_s = this.player.time;
        this.player.correct(
          side === null
            ? { kind: "add_repetition", time_s }
            : { kind: "add_contact", time_s, side, contact: "heel_strike" },
        );
      });
      return button;
    });
    this.adders.replaceChildren(...(takes_moments ? made : []));
  }

  /** @param {number} by frames */
  move(by) {
    const tile = this.tiles[this.current];
    const correction = tile && movedEnd(tile, "start", this.player.frameBeside(tile.start_s, by));
    if (correction) this.player.correct(correction);
  }
}

/**
 * @param {string} className
 * @param {string} text
 */
function spanOf(className, text) {
  const made = document.createElement("span");
  made.className = className;
  made.textContent = text;
  return made;
}

/**
 * Returns a body as SVG shapes.
 * @param {BodyFigure} figure
 */
function bodyShapes({ head, trunk, bones }) {
  /** @param {number[]} point */
  const words = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const shapes = bones.map(({ side, from, to }) =>
    svgElement("path", { class: `bone ${side}`, d: `M${words(from)}L${words(to)}` }),
  );
  if (trunk.length > 1)
    shapes.unshift(svgElement("path", { class: "solid both", d: `M${trunk.map(words).join("L")}Z` }));
  if (head) {
    const [cx, cy] = head.at.map((value) => value.toFixed(1));
    shapes.push(svgElement("circle", { class: "solid both", cx, cy, r: head.radius.toFixed(1) }));
  }
  return shapes;
}

/**
 * Returns the curve of a tile's side over its time; the scale is that of the whole curve, so that tiles can be compared.
 * @param {PlayerData} data
 * @param {Curve | undefined} curve
 * @param {Tile} tile
 */
function curveShapes(data, curve, tile) {
  if (!curve || !(tile.end_s > tile.start_s)) return [];
  const [low, high] = curve.scale;
  const lines = curve.lines.filter((line) => [line.side, tile.side].includes("both") || line.side === tile.side);
  return lines.map((line) => {
    const { times, values } = stretchOf(data.time_s, line.deg, tile.start_s, tile.end_s);
    const d = linePath(
      values,
      (i) => ((times[i] - tile.start_s) / (tile.end_s - tile.start_s)) * WIDE,
      (deg) => HIGH + CURVE_HIGH - 1 - ((deg - low) / (high - low)) * (CURVE_HIGH - 2),
    );
    return svgElement("path", { class: `line ${line.side}`, d });
  });
}
