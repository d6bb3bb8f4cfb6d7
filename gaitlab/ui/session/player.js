// The session's clip and its curves as one: the cursor over a curve seeks the clip, the playing clip moves the cursor.
// Times in `data` are those of the analysis; `file_s` says where in the clip they are (later, in slow motion).
// `clip.js` and `pair.js` are appended to this file.

const NARROW_PX = 640;
const HELD_PX = 16;
const LEFT_PX = 34;
const RIGHT_PX = 6;
const BOTTOM_PX = 20;
const TICKS = 5;
const SVG = "http://www.w3.org/2000/svg";

const players = new WeakMap();

export default function (component) {
  const { parentElement, data } = component;
  let player = players.get(parentElement);
  if (!player) {
    player = new Player(parentElement.querySelector(".player"));
    players.set(parentElement, player);
  }
  player.update(data, component.setTriggerValue);
  return () => {
    players.delete(parentElement);
    player.close();
  };
}

function nearest(times, time) {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle; else high = middle;
  }
  return time - times[low] <= times[high] - time ? low : high;
}

function between(from, to, value) {
  if (!from.length) return value;
  let low = 0;
  let high = from.length - 1;
  if (value <= from[low]) return to[low] + (value - from[low]);
  if (value >= from[high]) return to[high] + (value - from[high]);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= value) low = middle; else high = middle;
  }
  const share = (value - from[low]) / (from[high] - from[low]);
  return to[low] + share * (to[high] - to[low]);
}

function ticks(low, high) {
  const raw = (high - low) / TICKS || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((s) => s * power).find((s) => s >= raw);
  const values = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9; k += 1) values.push(k * step);
  return values;
}

function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

class Player {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(name);
    this.video = find("video");
    this.canvas = find(".stage canvas");
    this.plot = find(".plot");
    this.svg = find(".plot svg");
    this.cursor = find(".cursor");
    this.legend = find(".legend");
    this.clock = find(".clock");
    this.slider = find(".moment");
    this.joint = find(".joint");
    this.playButton = find(".play");
    this.stickButton = find(".stick");
    this.pace = find(".pace select");
    this.seeker = new Seeker(this.video);
    this.pair = new Pair(find(".pair"), this);
    this.data = null;
    this.version = null;
    this.sought = null;
    this.time = null;
    this.playing = false;
    this.asStick = false;
    this.heldAtX = null;
    this.listen();
    this.resized = new ResizeObserver(() => this.layOut());
    this.resized.observe(root);
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  listen() {
    const { root, video, plot, slider } = this;
    const find = (name) => root.querySelector(name);
    this.playButton.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    find(".back").addEventListener("click", () => this.step(-1));
    find(".on").addEventListener("click", () => this.step(1));
    find(".take").addEventListener("click", () => this.tell("moment", Number(this.time.toFixed(3))));
    this.pace.addEventListener("change", () => { video.playbackRate = Number(this.pace.value); });
    this.stickButton.addEventListener("click", () => this.showStick(!this.asStick));
    this.joint.addEventListener("change", () => this.draw());
    slider.addEventListener("input", () => { this.pause(); this.seek(Number(slider.value)); });
    const follow = (event) => { if (!this.playing || event.buttons) this.seek(this.timeAt(event.clientX)); };
    plot.addEventListener("pointermove", (event) => { if (!this.stays(event)) follow(event); });
    plot.addEventListener("pointerdown", (event) => { if (event.target === plot) follow(event); });
    video.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    video.addEventListener("ended", () => this.pause());
    video.addEventListener("error", () => this.showStick(true));
  }

  close() {
    cancelAnimationFrame(this.frame);
    this.resized.disconnect();
    this.pair.close();
    unload(this.video);
  }

  update(data, setTriggerValue) {
    this.tell = setTriggerValue;
    this.root.querySelector(".take").hidden = !data.takes_moments;
    if (data.version !== this.version) {
      this.data = data;
      this.version = data.version;
      this.fill();
    }
    if (data.seek && data.seek.key !== this.sought) {
      this.sought = data.seek.key;
      this.pause();
      this.seek(data.seek.time_s);
    } else if (!data.seek) {
      this.sought = null;
    }
  }

  get first() { return this.data.time_s[0] ?? 0; }
  get last() { return this.data.time_s[this.data.time_s.length - 1] ?? 0; }

  fill() {
    const { data } = this;
    this.time ??= data.first_look_s ?? this.first; // not at once a picture with nobody in it
    if (data.src) {
      if (this.video.getAttribute("src") !== data.src) this.video.src = data.src;
    } else {
      unload(this.video);
    }
    this.stickButton.hidden = !data.src || !data.xy.length;
    this.showStick(!data.src);
    this.joint.replaceChildren(...data.curves.map((curve, i) => new Option(curve.label, String(i))));
    this.joint.value = String(Math.max(0, data.curves.findIndex((curve) => curve.chosen)));
    this.root.querySelector(".curves").hidden = !data.time_s.length;
    this.slider.min = this.first;
    this.slider.max = this.last;
    this.fillLanes();
    this.pair.fill(data);
    this.layOut();
    this.seek(Math.min(Math.max(this.time, this.first), this.last));
  }

  fillLanes() {
    const lanes = this.data.lanes.map((lane) => {
      const row = document.createElement("div");
      row.className = "lane";
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = lane.label;
      row.append(name, ...lane.marks.map((mark) => this.markButton(mark)));
      return row;
    });
    this.root.querySelector(".lanes").replaceChildren(...lanes);
    this.root.querySelector(".spans").replaceChildren(...this.data.spans.map((span) => this.markButton(span, span.number)));
  }

  markButton(mark, text = "") {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `${mark.side}${mark.end_s === null ? " moment-mark" : ""}`;
    button.title = mark.label;
    button.setAttribute("aria-label", mark.label);
    button.textContent = text;
    button.mark = mark;
    button.addEventListener("click", (event) => {
      this.heldAtX = event.clientX;
      this.pause();
      this.seek(mark.start_s);
    });
    return button;
  }

  // After a click on a repetition the mouse is still over the curve: its next small move is no wish to go elsewhere.
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
  }

  step(by) {
    this.pause();
    const times = this.data.time_s;
    const at = Math.min(Math.max(nearest(times, this.time) + by, 0), times.length - 1);
    this.seek(times[at]);
  }

  seek(time) {
    this.show(Math.min(Math.max(time, this.first), this.last));
    if (this.data.src) this.seeker.to(this.toFile(this.time));
  }

  toFile(time) { return this.data.file_s ? between(this.data.time_s, this.data.file_s, time) : time; }
  fromFile(time) { return this.data.file_s ? between(this.data.file_s, this.data.time_s, time) : time; }

  tick(now) {
    if (this.playing) this.advance(now);
    this.pair.tick(now, now - this.before);
    this.before = now;
    this.frame = requestAnimationFrame((next) => this.tick(next));
  }

  advance(now) {
    if (this.data.src && !this.video.error) {
      if (this.seeker.arrived) this.show(Math.min(this.fromFile(this.video.currentTime), this.last));
      return;
    }
    this.show(Math.min(this.time + ((now - this.before) / 1000) * Number(this.pace.value), this.last));
    if (this.time >= this.last) this.pause();
  }

  // -- frames

  show(time) {
    this.time = time;
    this.root.dataset.timeS = time.toFixed(3);
    this.clock.textContent = `${time.toFixed(2)} s`;
    this.slider.value = time;
    this.slider.setAttribute("aria-valuetext", `${time.toFixed(2)} seconds`);
    this.cursor.style.left = `${this.xOf(time)}px`;
    this.showValues();
    if (this.asStick) this.drawFigure(this.canvas, time);
  }

  showValues() {
    const curve = this.data.curves[Number(this.joint.value)];
    const at = nearest(this.data.time_s, this.time);
    this.legend.querySelectorAll("b").forEach((value, i) => {
      const deg = curve.lines[i].deg[at];
      value.textContent = deg === null ? "–" : `${deg.toFixed(0)}°`;
    });
  }

  showStick(asStick) {
    this.asStick = asStick && this.data.xy.length > 0;
    this.canvas.hidden = !this.asStick;
    this.video.hidden = this.asStick || !this.data.src;
    this.stickButton.setAttribute("aria-pressed", String(this.asStick));
    if (this.asStick) this.drawFigure(this.canvas, this.time);
    this.pair.showStick(this.asStick);
  }

  drawFigure(canvas, time, window_px = this.data.box) {
    const { data } = this;
    const box = canvas.getBoundingClientRect();
    if (!box.width || !data.xy.length) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = box.width * ratio;
    canvas.height = box.height * ratio;
    const [left, top, right, bottom] = window_px;
    const scale = Math.min(box.width / (right - left), box.height / (bottom - top)) * ratio;
    const shift = [(canvas.width - (right - left) * scale) / 2, (canvas.height - (bottom - top) * scale) / 2];
    const pen = canvas.getContext("2d");
    const pose = data.xy[nearest(data.time_s, time)];
    pen.lineWidth = 4 * ratio;
    pen.lineCap = "round";
    for (const [start, end, side] of data.bones) {
      if (pose[2 * start] === null || pose[2 * end] === null) continue;
      pen.strokeStyle = getComputedStyle(this.root).getPropertyValue(`--${side}`);
      pen.beginPath();
      for (const k of [start, end]) pen.lineTo(shift[0] + (pose[2 * k] - left) * scale, shift[1] + (pose[2 * k + 1] - top) * scale);
      pen.stroke();
    }
  }

  // -- curves

  get width() { return this.plot.clientWidth; }
  xOf(time) { return LEFT_PX + ((time - this.first) / (this.last - this.first || 1)) * (this.width - LEFT_PX - RIGHT_PX); }
  timeAt(clientX) {
    const x = clientX - this.plot.getBoundingClientRect().left;
    return this.first + ((x - LEFT_PX) / (this.width - LEFT_PX - RIGHT_PX)) * (this.last - this.first);
  }

  layOut() {
    if (!this.data) return;
    this.root.classList.toggle("narrow", this.root.clientWidth < NARROW_PX);
    for (const button of this.root.querySelectorAll(".spans button, .lane button")) {
      const { start_s: start, end_s: end } = button.mark;
      button.style.left = `${this.xOf(start)}px`;
      if (end !== null) button.style.width = `${Math.max(this.xOf(end) - this.xOf(start), 4)}px`;
    }
    this.slider.style.paddingLeft = "0";
    this.draw();
    this.pair.draw();
  }

  draw() {
    const { data, svg, width } = this;
    const height = this.plot.clientHeight - BOTTOM_PX;
    const curve = data.curves[Number(this.joint.value)];
    svg.replaceChildren();
    this.legend.replaceChildren();
    if (!curve || !width) return;
    const values = curve.lines.flatMap((line) => line.deg).filter((deg) => deg !== null);
    let low = values.reduce((a, b) => Math.min(a, b), Infinity);
    let high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    const pad = Math.max((data.span_min_deg - (high - low)) / 2, 0.05 * (high - low));
    low -= pad;
    high += pad;
    const yOf = (deg) => height - ((deg - low) / (high - low)) * height;
    for (const deg of ticks(low, high)) {
      svg.append(element("line", { class: "grid", x1: LEFT_PX, x2: width - RIGHT_PX, y1: yOf(deg), y2: yOf(deg) }));
      svg.append(element("text", { x: LEFT_PX - 4, y: yOf(deg) + 4, "text-anchor": "end" }, `${deg}°`));
    }
    for (const time of ticks(this.first, this.last)) {
      svg.append(element("text", { x: this.xOf(time), y: height + 16, "text-anchor": "middle" }, `${Number(time.toFixed(2))} s`));
    }
    for (const line of curve.lines) {
      svg.append(element("path", { class: line.side, d: this.path(line.deg, yOf), stroke: `var(--${line.side})` }));
      const key = document.createElement("span");
      key.className = line.side;
      const stroke = document.createElement("i");
      stroke.style.borderTopColor = `var(--${line.side})`;
      key.append(stroke, line.side === "both" ? curve.label : line.side, document.createElement("b"));
      this.legend.append(key);
    }
    this.show(this.time);
  }

  path(deg, yOf) {
    let path = "";
    let pen = "M";
    deg.forEach((value, i) => {
      if (value === null) { pen = "M"; return; }
      path += `${pen}${this.xOf(this.data.time_s[i]).toFixed(1)} ${yOf(value).toFixed(1)}`;
      pen = "L";
    });
    return path;
  }
}
