// @ts-check
// Two movements in phase, one over the other: as clips, as the figures of one stride or repetition, or as mean gait
// cycles that walk; beside them the mean curves with a cursor that follows. More than two are shown as small multiples.

import { Seeker, unload } from "./clip.js";
import { part } from "./component.js";
import { figureOn } from "./figure.js";
import { clipTransform, legInStepS, opacities, poseAt, rateFor } from "./in_step.js";
import { firstJoint, ofSide, readOverlay, sideOfMovement } from "./overlay_data.js";
import { drawFigures } from "./overlay_figures.js";
import { PhaseChart, scaleOfLines } from "./phase_chart.js";
import { between, within } from "./times.js";

/** @import { BodyFigure } from "./body.js" */
/** @import { Component } from "./component.js" */
/** @import { Cycle, Kind, MeanCurve, OverlayData, SentOverlay } from "./overlay_data.js" */
/** @import { PhaseLine } from "./phase_chart.js" */

const NARROW_PX = 640;
const REST_MS = 600; // after a repetition, so that the end is seen
const STEP = 0.01;

/** @type {WeakMap<ParentNode, Overlay>} */
const overlays = new WeakMap();

/** @param {Component<SentOverlay>} component */
export default function (component) {
  const { parentElement, data } = component;
  let overlay = overlays.get(parentElement);
  if (!overlay) {
    overlay = new Overlay(part(parentElement, ".overlay", HTMLElement), data);
    overlays.set(parentElement, overlay);
  }
  overlay.update(data);
  return () => {
    overlays.delete(parentElement);
    overlay.close();
  };
}

class Overlay {
  /**
   * @param {HTMLElement} root
   * @param {SentOverlay} sent
   */
  constructor(root, sent) {
    this.root = root;
    this.stage = part(root, ".stage", HTMLElement);
    this.canvas = part(root, ".stage canvas", HTMLCanvasElement);
    this.clips = [...root.querySelectorAll("video")].map((video) => ({ video, seeker: new Seeker(video) }));
    this.mix = part(root, ".mix input", HTMLInputElement);
    this.clock = part(root, ".clock", HTMLElement);
    this.playButton = part(root, ".play", HTMLButtonElement);
    this.pace = part(root, ".pace select", HTMLSelectElement);
    this.kinds = part(root, ".kinds", HTMLElement);
    this.joint = part(root, ".joint", HTMLSelectElement);
    this.side = part(root, ".side", HTMLSelectElement);
    this.legend = part(root, ".legend", HTMLElement);
    this.bars = part(root, ".bars", HTMLElement);
    this.slider = part(root, ".phase", HTMLInputElement);
    this.said = part(root, ".said", HTMLElement);
    this.many = part(root, ".many", HTMLElement);
    const plot = part(root, ".plot", HTMLElement);
    this.chart = new PhaseChart(part(plot, "svg", SVGElement), part(plot, ".cursor", HTMLElement));
    /** @type {{ take: number, canvas: HTMLCanvasElement, chart: PhaseChart, value: HTMLElement }[]} */
    this.panels = [];
    /** @type {HTMLElement[]} */
    this.barCursors = [];
    /** @type {OverlayData} */
    this.data = readOverlay(sent);
    /** @type {string | null} */
    this.version = null;
    /** @type {Kind | null} */
    this.kind = null;
    this.share = 0;
    this.playing = false;
    /** @type {"to start" | "running" | "resting"} */
    this.lap = "to start";
    this.restsSince = 0;
    this.before = performance.now();
    this.intersects = false;
    this.goesOnInView = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.listen(plot);
    this.seen = new IntersectionObserver(([entry]) => {
      this.intersects = entry.isIntersecting;
      this.comeOrGo();
    });
    this.seen.observe(this.stage);
    this.onHide = () => this.comeOrGo();
    document.addEventListener("visibilitychange", this.onHide);
    this.resized = new ResizeObserver(() => this.layOut());
    this.resized.observe(root);
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  /** @param {HTMLElement} plot */
  listen(plot) {
    this.playButton.addEventListener("click", () => {
      this.goesOnInView = !this.playing;
      if (this.playing) this.pause();
      else this.play();
    });
    for (const [selector, by] of /** @type {const} */ ([
      [".back", -STEP],
      [".on", STEP],
    ])) {
      part(this.root, selector, HTMLElement).addEventListener("click", () => this.stop(this.share + by));
    }
    this.slider.addEventListener("input", () => this.stop(Number(this.slider.value)));
    this.mix.addEventListener("input", () => this.show(this.share));
    this.joint.addEventListener("change", () => this.fillSides());
    this.side.addEventListener("change", () => this.choose());
    for (const kind of ["pointermove", "pointerdown"]) {
      plot.addEventListener(kind, (event) => {
        if (event instanceof PointerEvent && (event.buttons || !this.playing))
          this.stop(this.chart.shareAt(event.clientX));
      });
    }
    for (const { video } of this.clips) {
      video.addEventListener("error", () => {
        if (video.hasAttribute("src")) this.showKind(this.data.kinds.find(({ kind }) => kind !== "clip")?.kind ?? null);
      });
      video.addEventListener("loadedmetadata", () => this.show(this.share));
    }
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.seen.disconnect();
    this.resized.disconnect();
    document.removeEventListener("visibilitychange", this.onHide);
    for (const { video } of this.clips) unload(video);
  }

  /** @param {SentOverlay} sent */
  update(sent) {
    if (sent.version === this.version) return;
    if (this.version !== null) this.data = readOverlay(sent);
    this.version = sent.version;
    this.fill();
  }

  /** The takes that lie over one another. */
  get pair() {
    return this.data.pair.map((i) => this.data.takes[i]);
  }

  get movementSide() {
    return sideOfMovement(this.data.sides, this.side.value);
  }

  /** The movements that lie over one another. @returns {Cycle[]} */
  get cycles() {
    return this.pair.flatMap((take) => ofSide(take.cycles, this.movementSide) ?? []);
  }

  get asClip() {
    return this.kind === "clip";
  }

  /** @returns {MeanCurve | undefined} */
  get curve() {
    const own = this.data.curves.filter((curve) => curve.joint === this.joint.value);
    return own.find((curve) => curve.side === this.side.value) ?? own[0];
  }

  fill() {
    const { data, root } = this;
    root.setAttribute("aria-label", data.label);
    this.canvas.setAttribute("aria-label", data.label);
    this.slider.setAttribute("aria-label", `Moment of the ${data.whole}`);
    const [first, second] = this.pair;
    const mix = part(root, ".mix", HTMLElement);
    mix.hidden = !data.mixes;
    if (data.mixes) {
      mix.querySelectorAll("span").forEach((words, i) => {
        words.textContent = [first, second][i].label;
      });
      this.mix.setAttribute("aria-label", `From ${first.label} to ${second.label}`);
    }
    root.classList.toggle("without-curves", !data.curves.length);
    part(root, ".plot", HTMLElement).hidden = !data.curves.length;
    part(root, ".hint", HTMLElement).textContent = data.hint;
    const joints = new Map(data.curves.map((curve) => [curve.joint, curve.label]));
    const before = this.joint.value;
    this.joint.replaceChildren(...[...joints].map(([joint, label]) => new Option(label, joint)));
    this.joint.value = firstJoint(data.curves, before);
    part(root, ".of-joint", HTMLElement).hidden = !data.curves.length;
    this.kinds.replaceChildren(...data.kinds.map(({ kind, label }) => this.kindButton(kind, label)));
    this.kinds.hidden = data.kinds.length < 2;
    this.fillPanels();
    this.fillSides();
    const kept = data.kinds.some(({ kind }) => kind === this.kind);
    this.showKind(kept ? this.kind : data.kinds[0].kind);
    this.layOut();
    this.comeOrGo();
  }

  /** Offers the sides of the chosen angle; without curves those of the movements. */
  fillSides() {
    const { data, side } = this;
    const own = data.curves.filter((curve) => curve.joint === this.joint.value).map((curve) => curve.side);
    const sides = own.length ? own : data.sides;
    const before = side.value;
    side.replaceChildren(...sides.map((one) => new Option(one === "both" ? "both" : one, one)));
    side.value = sides.includes(before) ? before : sides[0];
    part(this.root, ".of-side", HTMLElement).hidden = sides.length < 2;
    this.choose();
  }

  /** Another angle or side was chosen. */
  choose() {
    this.said.textContent = this.curve?.said ?? "";
    this.fillLegend();
    this.fillBars();
    this.lap = "to start";
    this.draw();
    this.go(this.share);
  }

  /**
   * @param {Kind} kind
   * @param {string} label
   */
  kindButton(kind, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.dataset.kind = kind;
    button.addEventListener("click", () => this.showKind(kind));
    return button;
  }

  /** @param {Kind | null} kind */
  showKind(kind) {
    this.kind = kind;
    for (const button of this.kinds.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    }
    this.clips.forEach(({ video }, i) => {
      const { src = null, image_wh = null } = this.pair[i] ?? {};
      video.hidden = !this.asClip || !src || !image_wh;
      if (video.hidden || !src || !image_wh) {
        unload(video);
        return;
      }
      [video.style.width, video.style.height] = image_wh.map((size) => `${size}px`);
      video.setAttribute("aria-label", `Clip, ${this.pair[i].label}`);
      if (video.getAttribute("src") !== src) video.src = src;
    });
    this.canvas.hidden = this.asClip;
    this.fillLegend();
    this.lap = "to start";
    this.go(this.share);
  }

  fillLegend() {
    const { data } = this;
    const cycles = this.kind === "walk" ? [] : this.cycles;
    const keys = data.pair.map((take, i) => {
      const key = document.createElement("span");
      key.className = this.toneOf(take);
      const line = this.curve?.lines.find((one) => one.take === take);
      const own = [cycles[i]?.title, line && `mean of ${line.n}`].filter(Boolean).join("; ");
      key.append(document.createElement("i"), data.takes[take].label, document.createElement("b"));
      if (own) key.append(` (${own})`);
      return key;
    });
    const apart = document.createElement("span");
    apart.className = "apart";
    this.legend.replaceChildren(...keys, ...(data.curves.length ? [apart] : []));
  }

  fillBars() {
    this.barCursors = [];
    const rows = (ofSide(this.data.bars, this.movementSide) ?? []).map((bar) => {
      const row = document.createElement("div");
      row.className = `bar ${bar.tone}`;
      for (const [start, end] of bar.spans) {
        const stance = document.createElement("i");
        stance.style.left = `${100 * start}%`;
        stance.style.width = `${100 * (end - start)}%`;
        row.append(stance);
      }
      const words = document.createElement("span");
      words.textContent = bar.label;
      const cursor = document.createElement("b");
      this.barCursors.push(cursor);
      row.append(words, cursor);
      return row;
    });
    this.bars.replaceChildren(...rows);
  }

  fillPanels() {
    const { takes } = this.data;
    this.many.hidden = takes.length <= 2;
    this.panels = [];
    if (this.many.hidden) {
      this.many.replaceChildren();
      return;
    }
    const figures = takes.map(({ label }, take) => {
      const figure = document.createElement("figure");
      figure.className = "panel";
      figure.innerHTML =
        '<figcaption><b></b><span></span></figcaption><div class="both-parts"><canvas role="img"></canvas><div class="chart"><svg aria-hidden="true"></svg><div class="cursor"></div></div></div>';
      part(figure, "b", HTMLElement).textContent = label;
      const canvas = part(figure, "canvas", HTMLCanvasElement);
      canvas.setAttribute("aria-label", `Figure, ${label}`);
      const chart = new PhaseChart(part(figure, "svg", SVGElement), part(figure, ".cursor", HTMLElement));
      this.panels.push({ take, canvas, chart, value: part(figure, "span", HTMLElement) });
      return figure;
    });
    this.many.replaceChildren(...figures);
  }

  // -- time

  // Nothing moves that nobody looks at.
  comeOrGo() {
    const isSeen = this.intersects && !document.hidden;
    if (!isSeen) this.pause();
    else if (this.goesOnInView && !this.playing) this.play();
  }

  play() {
    this.playing = true;
    this.lap = "to start";
    this.before = performance.now();
    if (this.share >= 1) this.go(0);
    this.showPlaying();
  }

  pause() {
    this.playing = false;
    for (const { video } of this.clips) video.pause();
    this.showPlaying();
  }

  showPlaying() {
    this.playButton.textContent = this.playing ? "❚❚" : "▶";
    this.playButton.setAttribute("aria-label", this.playing ? "Pause" : "Play");
  }

  /**
   * Stops at a moment that was asked for.
   * @param {number} share
   */
  stop(share) {
    this.goesOnInView = false;
    this.pause();
    this.go(within(share, 0, 1));
  }

  /** @param {Cycle} cycle */
  sharesOf({ events_s }) {
    return events_s.map((_, i) => i / (events_s.length - 1));
  }

  /** @param {number} share */
  go(share) {
    if (this.asClip) {
      this.cycles.forEach((cycle, i) => {
        this.clips[i].seeker.to(between(this.sharesOf(cycle), cycle.events_s, share));
      });
    }
    this.show(share);
  }

  /** @param {number} now */
  tick(now) {
    const passedMs = now - this.before;
    this.before = now;
    if (this.playing) this.advance(now, passedMs);
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  /**
   * @param {number} now
   * @param {number} passedMs
   */
  advance(now, passedMs) {
    if (this.lap === "resting") {
      if (now - this.restsSince > (this.data.is_cycle ? 0 : REST_MS)) {
        this.go(0);
        this.lap = "to start";
      }
    } else if (this.lap === "to start") {
      const isReady = this.clips.every(
        ({ video, seeker }) => video.hidden || (seeker.arrived && video.readyState >= 2),
      );
      if (isReady) this.run();
    } else if (this.asClip ? this.advanceClips() : this.advanceFigures(passedMs)) {
      this.lap = "resting";
      this.restsSince = now;
    }
  }

  run() {
    this.lap = "running";
    for (const { video } of this.clips) {
      if (video.hidden) continue;
      video.play().catch((error) => {
        if (error.name === "NotAllowedError") this.pause();
      });
    }
  }

  /** How long it takes from one event to the next when all run in step. @param {number} leg */
  legS(leg) {
    const events = this.cycles.map((cycle) => cycle.events_s);
    const own = events.length ? legInStepS(events, leg) : this.data.lap_s;
    return own / Number(this.pace.value);
  }

  // Both return whether the lap is over.

  /** @param {number} passedMs */
  advanceFigures(passedMs) {
    const legs = this.cycles.length ? this.cycles[0].events_s.length - 1 : 1;
    const leg = Math.min(Math.floor(this.share * legs), legs - 1);
    const share = this.share + passedMs / 1000 / this.legS(leg) / legs;
    this.show(share >= 1 && this.data.is_cycle ? share % 1 : Math.min(share, 1));
    return this.share >= 1;
  }

  advanceClips() {
    const shares = this.cycles.map((cycle, i) => {
      const { video } = this.clips[i];
      const at = cycle.events_s;
      const leg = Math.max(
        0,
        at.findIndex((_, k) => k + 1 === at.length - 1 || video.currentTime < at[k + 1]),
      );
      const rate = rateFor(at[leg + 1] - at[leg], this.legS(leg));
      if (video.playbackRate !== rate) video.playbackRate = rate;
      const share = video.ended ? 1 : within(between(at, this.sharesOf(cycle), video.currentTime), 0, 1);
      if (share >= 1) video.pause();
      return share;
    });
    this.show(Math.min(...shares), shares);
    return this.share >= 1;
  }

  // -- what is seen

  /** @param {number} take */
  toneOf(take) {
    const { pair } = this.data;
    return pair.length > 1 && take === pair[0] ? "ghost" : (this.curve?.side ?? this.side.value);
  }

  layOut() {
    this.root.classList.toggle("narrow", this.root.clientWidth < NARROW_PX);
    this.draw();
    this.show(this.share);
  }

  draw() {
    const { curve, data } = this;
    if (!curve) return;
    /** @type {(take: number) => PhaseLine[]} */
    const linesOf = (take) =>
      curve.lines.filter((line) => line.take === take).map((line) => ({ ...line, tone: this.toneOf(take) }));
    const scale = scaleOfLines(
      data.takes.flatMap((_, take) => linesOf(take)),
      data.span_min_deg,
    );
    this.chart.draw(data.pair.flatMap(linesOf), scale);
    for (const { take, chart } of this.panels) {
      const others = take === data.pair[0] ? [] : linesOf(data.pair[0]);
      chart.draw([...others, ...linesOf(take)], scale);
    }
  }

  /**
   * @param {number} share
   * @param {number[]} [clipShares] where each clip is, which may differ by a picture while they play
   */
  show(share, clipShares) {
    this.share = share;
    this.root.dataset.share = share.toFixed(3);
    const percent = `${Math.round(100 * share)} %`;
    this.clock.textContent = percent;
    this.slider.value = String(share);
    this.slider.setAttribute("aria-valuetext", `${percent} of the ${this.data.whole}`);
    this.chart.move(share);
    for (const cursor of this.barCursors) cursor.style.left = `${100 * share}%`;
    this.showValues();
    if (this.asClip) this.placeClips(clipShares ?? [share, share]);
    else this.drawPair();
    for (const { take, canvas, chart } of this.panels) {
      chart.move(share);
      drawFigures(
        canvas,
        [{ figure: this.figureOf(take, canvas), tone: this.toneOf(take), opacity: 1 }],
        this.side.value,
        this.colorOf(),
      );
    }
  }

  showValues() {
    const { curve, data } = this;
    if (!curve) return;
    /** @param {number} take */
    const degAt = (take) => {
      const line = curve.lines.find((one) => one.take === take);
      return line ? Math.round(line.mean[Math.round(this.share * (line.mean.length - 1))]) : null;
    };
    const [first, second] = data.pair.map(degAt);
    this.legend.querySelectorAll("b").forEach((words, i) => {
      words.textContent = degrees([first, second][i]);
    });
    const apart = this.legend.querySelector(".apart");
    if (apart) {
      const by = first === null || second === null ? null : second - first;
      apart.textContent = by === null ? "" : `${by > 0 ? "+" : by < 0 ? "−" : "±"}${Math.abs(by)}° here`;
    }
    for (const { take, value } of this.panels) value.textContent = degrees(degAt(take));
  }

  /** @param {number[]} shares */
  placeClips(shares) {
    const [wide, high] = [this.stage.clientWidth, this.stage.clientHeight];
    const seen = opacities(Number(this.mix.value), true);
    this.cycles.forEach(({ place }, i) => {
      const { video } = this.clips[i];
      if (place) video.style.transform = clipTransform(place, shares[i], this.data.window, wide, high);
      video.style.opacity = String(seen[i]);
    });
  }

  drawPair() {
    const seen = this.data.mixes ? opacities(Number(this.mix.value), false) : [1, 1];
    const figures = this.data.pair.map((take, i) => ({
      figure: this.figureOf(take, this.canvas),
      tone: this.toneOf(take),
      opacity: seen[i],
    }));
    drawFigures(this.canvas, figures, this.side.value, this.colorOf());
  }

  /**
   * @param {number} take
   * @param {HTMLCanvasElement} canvas
   * @returns {BodyFigure | null}
   */
  figureOf(take, canvas) {
    const { cycles, walks } = this.data.takes[take];
    const poses = this.kind === "walk" ? ofSide(walks, this.movementSide) : ofSide(cycles, this.movementSide)?.poses;
    if (!poses) return null;
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio];
    return figureOn(poseAt(poses, this.share), this.data.plan, this.data.window, wide, high);
  }

  colorOf() {
    const style = getComputedStyle(this.root);
    /** @type {(name: string) => string} */
    return (name) => style.getPropertyValue(`--${name}`);
  }
}

/** @param {number | null} deg */
function degrees(deg) {
  return deg === null ? "–" : `${String(deg).replace("-", "−")}°`;
}
