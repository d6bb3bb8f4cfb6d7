// @ts-check
// Plays a session within one file: the clip or the figure, and the curve in step with it. Loads nothing.

/**
 * @typedef {object} PlayedData
 * @property {number[]} time_s real time of each frame
 * @property {number[]} file_s time of each frame in the clip; in slow motion it is later
 * @property {{ left: number, right: number } | null} place where the curve begins and ends, as parts of the chart's width
 * @property {{ side: string, deg: (number | null)[] }[]} values
 * @property {Record<string, string>[] | null} figures of each frame: SVG paths by side of the body
 */

(() => {
  /** @type {PlayedData} */
  const { time_s, file_s, place, values, figures } = JSON.parse(document.getElementById("data")?.textContent ?? "");
  const clip = /** @type {HTMLVideoElement | null} */ (document.getElementById("clip"));
  const paths = document.querySelectorAll("#figure path");
  const play = /** @type {HTMLButtonElement} */ (document.getElementById("play"));
  const rate = /** @type {HTMLSelectElement} */ (document.getElementById("rate"));
  const moment = /** @type {HTMLElement} */ (document.getElementById("moment"));
  const curve = document.getElementById("curve");
  const cursor = document.getElementById("cursor");
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-s]"));
  const comments = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(".comments button"));
  const last = time_s.length - 1;
  const STEP_S = 0.1; // of an arrow key
  const NEAR_S = 0.4; // a comment is lit around its moment
  const FRAME_ROOM_S = 0.002; // times are rounded to 1 ms
  let row = 0;
  let nextTick = 0; // the one animation frame that is asked for
  let playsSince = /** @type {{ at_ms: number, from_s: number } | null} */ (null); // the figure, which has no clock

  /**
   * Returns the index of the frame that shows at a moment: the last that has begun.
   * @param {number[]} times
   * @param {number} time
   */
  function frameAt(times, time) {
    const after = times.findIndex((one) => one > time + FRAME_ROOM_S);
    return after < 0 ? last : Math.max(after - 1, 0);
  }

  /** @param {number} time_at */
  const share = (time_at) =>
    place && last > 0
      ? place.left + ((time_at - time_s[0]) / (time_s[last] - time_s[0])) * (place.right - place.left)
      : 0;

  function draw() {
    for (const path of paths)
      path.setAttribute("d", figures?.[row]?.[/** @type {SVGElement} */ (path).dataset.side ?? ""] ?? "");
    const said = values.map(({ side, deg }) => `${side === "both" ? "" : side} ${deg[row] ?? "–"}°`.trim());
    moment.textContent = [`${time_s[row].toFixed(2)} s`, ...said].join(" · ");
    if (cursor) cursor.style.left = `${100 * share(time_s[row])}%`;
    curve?.setAttribute("aria-valuenow", time_s[row].toFixed(2));
    let current = /** @type {HTMLButtonElement | null} */ (null);
    for (const button of buttons) {
      button.removeAttribute("aria-current");
      if (button.closest(".marks") && Number(button.dataset.s) <= time_s[row] + 0.001) current = button;
    }
    current?.setAttribute("aria-current", "true");
    for (const comment of comments) {
      if (Math.abs(Number(comment.dataset.s) - time_s[row]) < NEAR_S) comment.setAttribute("aria-current", "true");
    }
  }

  function tick() {
    cancelAnimationFrame(nextTick);
    if (clip) row = frameAt(file_s, clip.currentTime);
    else if (playsSince) {
      const now_s = playsSince.from_s + ((performance.now() - playsSince.at_ms) / 1000) * Number(rate.value);
      row = frameAt(time_s, now_s);
      if (row === last) playsSince = null;
    }
    draw();
    const plays = clip ? !clip.paused && !clip.ended : playsSince !== null;
    play.textContent = plays ? "Pause" : "Play";
    if (plays) nextTick = requestAnimationFrame(tick);
  }

  /** @param {number} time_at */
  function seek(time_at) {
    row = frameAt(time_s, time_at);
    if (clip) clip.currentTime = file_s[row] + FRAME_ROOM_S;
    if (playsSince) playsSince = { at_ms: performance.now(), from_s: time_s[row] };
    draw();
  }

  function toggle() {
    if (clip) {
      if (clip.paused || clip.ended) clip.play();
      else clip.pause();
      return;
    }
    if (row === last) row = 0;
    playsSince = playsSince ? null : { at_ms: performance.now(), from_s: time_s[row] };
    tick();
  }

  /** @param {PointerEvent} event */
  function seekAt(event) {
    if (!curve || !place) return;
    const box = curve.getBoundingClientRect();
    const across = ((event.clientX - box.left) / box.width - place.left) / (place.right - place.left);
    seek(time_s[0] + Math.min(Math.max(across, 0), 1) * (time_s[last] - time_s[0]));
  }

  play.addEventListener("click", toggle);
  rate.addEventListener("change", () => {
    if (clip) clip.playbackRate = Number(rate.value);
    if (playsSince) playsSince = { at_ms: performance.now(), from_s: time_s[row] };
  });
  for (const kind of ["play", "pause", "seeked", "ended", "loadeddata"]) clip?.addEventListener(kind, tick);
  for (const button of buttons) {
    button.addEventListener("click", () => seek(Number(button.dataset.s)));
    if (button.classList.contains("pin")) button.style.left = `${100 * share(Number(button.dataset.s))}%`;
  }
  curve?.addEventListener("pointerdown", seekAt);
  curve?.addEventListener("pointermove", (event) => {
    if (event.buttons) seekAt(event);
  });
  curve?.addEventListener("keydown", (event) => {
    const to = {
      ArrowLeft: time_s[row] - STEP_S,
      ArrowRight: Math.max(time_s[row] + STEP_S, time_s[Math.min(row + 1, last)]), // frames may be further apart
      Home: time_s[0],
      End: time_s[last],
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    seek(to);
  });
  if (!time_s.length) return;
  curve?.setAttribute("aria-valuemin", time_s[0].toFixed(2));
  curve?.setAttribute("aria-valuemax", time_s[last].toFixed(2));
  draw();
})();
