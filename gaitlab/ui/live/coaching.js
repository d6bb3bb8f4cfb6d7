// @ts-check
// The coach on the page: the set that is under way, the rest, and what is spoken and sounds.

import { part } from "../shared/component.js";
import { Coach, happeningWords, repetitionsWords, setsWords, summary } from "./coach.js";
import { handIsRaised, isInSight } from "./in_sight.js";
import { Metronome } from "./metronome.js";
import { RangeMeter } from "./range_meter.js";
import { NOTES, Sounds } from "./sounds.js";
import { StepSounds } from "./step_sounds.js";
import { phasesWords, TempoGuide } from "./tempo.js";
import { browserSpeaker, Voice } from "./voice.js";

/** @import { Happening, Plan } from "./coach.js" */
/** @import { Points } from "./drawing.js" */
/** @import { Reach, Result } from "./live_data.js" */

const TICK_MS = 200;
const GO_WORDS = { ready: "Begin the set", set: "End the set", rest: "Skip the rest", done: "Begin again" };

export class Coaching {
  /**
   * @param {HTMLElement} root
   * @param {(isSaved: boolean) => void} onNext the programme goes on; what was recorded is saved before, or given up
   */
  constructor(root, onNext) {
    /** @param {string} selector */
    const element = (selector) => part(root, selector, HTMLElement);
    /** @param {string} selector */
    const button = (selector) => part(root, selector, HTMLButtonElement);
    this.root = root;
    this.onNext = onNext;
    this.parts = {
      number: element(".number"),
      value: element(".value"),
      of: element(".of"),
      set: element(".set"),
      board: element(".board"),
      title: element(".board-title"),
      large: element(".board-value"),
      text: element(".board-text"),
      more: element(".board-more"),
      cue: element(".cue"),
      said: element(".said"),
      pacing: element(".pacing"),
      pacingParts: element(".pacing-parts"),
      pacingMark: element(".pacing-mark"),
      pacingLast: element(".pacing-last"),
      go: button(".go"),
      skip: button(".skip"),
      voice: button(".voice"),
      sounds: button(".sounds"),
    };
    /** @type {Coach | null} null where nothing but the count is wanted, or the camera is off */
    this.coach = null;
    /** @type {string | null} what was done the last time */
    this.last = null;
    /** @type {Map<number, string>} what was done of the programme, by place */
    this.finished = new Map();
    this.isRecorded = false;
    /** @type {number[][]} */
    this.needed = [];
    this.isOn = false;
    this.inSight = false;
    this.toldCount = 0;
    /** @type {string | null} the newest one of the server */
    this.cue = null;
    this.metronome = new Metronome(root);
    this.steps = new StepSounds(root);
    this.meter = new RangeMeter(element(".meter"));
    /** @type {TempoGuide | null} */
    this.guide = null;
    const speaker = browserSpeaker();
    this.voice = speaker && new Voice(speaker);
    this.sounds = new Sounds();
    this.timer = 0;
    this.listen();
  }

  listen() {
    const { go, skip, voice, sounds } = this.parts;
    skip.addEventListener("click", () => this.onNext(false));
    go.addEventListener("click", () => {
      if (this.coach) this.tell(this.coach.go(performance.now()));
    });
    voice.hidden = !this.voice;
    voice.addEventListener("click", () => {
      const on = press(voice);
      this.voice?.turn(on);
      if (on) this.voice?.say("The voice is on.");
    });
    sounds.addEventListener("click", () => {
      this.sounds.turn(press(sounds));
      this.sounds.play(NOTES.count);
    });
  }

  /**
   * The camera is on.
   * @param {Plan | null} plan
   * @param {number[][]} needed pairs of joints of which one must be seen
   */
  begin(plan, needed) {
    this.isOn = true;
    this.toldCount = 0;
    this.cue = null;
    this.needed = needed;
    this.take(plan);
    if (plan?.name) this.say(`${plan.name}: ${setsWords(plan.sets)} of ${plan.repetitions}.`, "next");
    clearInterval(this.timer);
    this.timer = window.setInterval(() => {
      if (this.coach) this.tell(this.coach.tick(performance.now()));
      this.showTempo();
    }, TICK_MS);
  }

  /** Another person is followed: the set begins anew, and those that are over stay. */
  countAnew() {
    this.toldCount = 0;
    this.cue = null;
    this.meter.clear();
    this.coach?.countAnew();
    this.show();
  }

  /**
   * Takes another plan while the camera is on.
   * @param {Plan | null} plan
   */
  take(plan) {
    if (!this.isOn || (this.coach && JSON.stringify(this.coach.plan) === JSON.stringify(plan))) return;
    const total = this.coach?.total ?? 0;
    this.coach = plan && new Coach(plan);
    this.guide = plan?.tempo ? new TempoGuide(plan.tempo) : null;
    this.meter.aim(plan?.range ?? null);
    this.parts.pacingLast.textContent = "";
    this.showParts();
    if (this.coach) this.coach.total = total;
    this.show();
  }

  /** The camera is off. */
  end() {
    this.isOn = false;
    if (this.coach?.phase !== "done") this.coach = null; // what was done stays in sight
    clearInterval(this.timer);
    this.guide = null;
    this.meter.clear();
    this.metronome.end();
    this.steps.end();
    this.voice?.silence();
    this.parts.said.textContent = "";
    this.show();
  }

  close() {
    this.end();
    this.sounds.turn(false);
  }

  /**
   * @param {Points | null} points
   * @param {number} aspect
   */
  see(points, aspect) {
    const { coach } = this;
    const nowMs = performance.now();
    this.inSight = isInSight(points, this.needed);
    this.steps.see(points, aspect, nowMs);
    if (coach) this.tell(coach.see({ inSight: this.inSight, handRaised: handIsRaised(points, aspect) }, nowMs));
  }

  /**
   * Takes how far the person is on the way of a repetition.
   * @param {Reach} reach
   */
  reach(reach) {
    if (!this.isOn) return;
    this.meter.show(reach);
    const shares = Object.entries(reach).map(([side, share]) => share / this.meter.startOf(side));
    if (shares.length > 0) this.guide?.see(Math.max(...shares), performance.now());
    this.showTempo();
  }

  /** The parts of the tempo, each as wide as it is long. */
  showParts() {
    const { pacing, pacingParts } = this.parts;
    pacing.hidden = !this.guide;
    pacingParts.replaceChildren(
      ...(this.guide?.parts ?? []).map(({ word, s }) => {
        const made = document.createElement("span");
        made.textContent = `${word} ${s}`;
        made.style.flexGrow = String(s);
        made.hidden = s === 0;
        return made;
      }),
    );
  }

  showTempo() {
    const { pacingMark, pacingParts } = this.parts;
    const at = this.guide?.at(performance.now()) ?? null;
    this.meter.showTarget(at?.target ?? null);
    pacingMark.hidden = !at;
    pacingMark.style.left = `${100 * (at?.share ?? 0)}%`;
    [...pacingParts.children].forEach((one, i) => {
      one.classList.toggle("now", i === at?.part);
    });
  }

  /**
   * Takes a result of the server, shows its cue and returns the count to show.
   * @param {Result} result
   */
  hear({ count, cadence_spm: cadence, cue: told, asks_for_more: asksForMore, phases_s: phasesS }) {
    const nowMs = performance.now();
    const { coach } = this;
    const cue = asksForMore && this.wantsLess ? "" : told;
    if (coach) this.tell(coach.hear(count ?? 0, nowMs));
    else if (count !== null && count > this.toldCount) {
      this.toldCount = count;
      this.say(String(count), "count");
    }
    if (this.isOn) for (const one of [this.metronome, this.steps]) one.hear(cadence);
    if (this.guide && phasesS) write(this.parts.pacingLast, phasesWords(this.guide.parts, phasesS));
    this.cue = cue ?? this.cue;
    this.showLine();
    if (cue && this.line(cue) === cue) this.voice?.sayCue(cue, nowMs);
    return coach ? coach.count : count;
  }

  /** Whether the person shall go less far than a full repetition: what falls short of that is not shallow then. */
  get wantsLess() {
    return Math.min(...Object.values(this.coach?.plan.range ?? {}), 1) < 1;
  }

  /** Whether something was done since the camera is on. */
  get hasCounted() {
    return this.coach !== null && (this.coach.done.length > 0 || this.coach.count > 0);
  }

  /** Whether all sets are done and the programme goes on. */
  get hasNext() {
    return this.coach?.phase === "done" && Boolean(this.coach.plan.next);
  }

  /**
   * Returns the line below the picture: what to do next, or the cue of the server where it helps.
   * @param {string} cue
   */
  line(cue) {
    const { coach } = this;
    if (coach?.phase === "ready" && (this.inSight || !cue))
      return "Step into the picture: the set begins by itself. Or raise one hand.";
    if (coach?.phase === "rest") return "Raise one hand to skip the rest.";
    if (this.hasNext) return `Raise one hand to ${this.isRecorded ? "save and go on" : "go on"}.`;
    if (coach?.phase === "done") return "Raise one hand to begin again.";
    return cue;
  }

  /** The server is not heard: its cue is an old one. */
  forgetCue() {
    this.cue = null;
  }

  showLine() {
    if (this.cue !== null) write(this.parts.cue, this.line(this.cue));
  }

  /** @param {Happening[]} happenings */
  tell(happenings) {
    const { coach } = this;
    if (!coach) return;
    for (const happening of happenings) {
      if (happening.kind === "next") {
        this.onNext(true);
        return;
      }
      const { item, name } = coach.plan;
      const words = [happeningWords(happening, coach.plan)];
      if (happening.kind === "done") {
        if (item === 0) this.finished.clear(); // it is begun anew
        if (item !== null && item !== undefined) this.finished.set(item, `${name} ${happening.total}`);
        words.push(...this.summary(coach.plan));
      }
      this.say(words.join(" "), happening.kind);
    }
    this.show();
  }

  /** @param {Plan} plan */
  summary(plan) {
    return summary(plan, this.last, [...this.finished.values()]);
  }

  /**
   * @param {string} words
   * @param {Happening["kind"]} kind
   */
  say(words, kind) {
    this.parts.said.textContent = words; // for screen readers: everything that is spoken
    this.voice?.say(words);
    this.sounds.play(NOTES[kind]);
  }

  show() {
    const { coach } = this;
    const { number, value, of, set, board, title, large, text, more, go, skip } = this.parts;
    go.hidden = !coach || !(this.isOn || this.hasNext);
    skip.hidden = !this.hasNext || !this.isRecorded;
    if (!this.guide) this.parts.pacing.hidden = true;
    board.hidden = !coach || coach.phase === "set";
    of.hidden = set.hidden = !coach;
    this.root.classList.toggle("resting", !board.hidden);
    if (!coach) return;
    if (this.isOn) this.showLine();
    const { sets, repetitions } = coach.plan;
    go.classList.toggle("primary", this.hasNext);
    write(go, this.hasNext ? `${this.isRecorded ? "Save and go" : "Go"} on` : GO_WORDS[coach.phase]);
    write(set, `Set ${coach.set} of ${sets}`);
    write(of, `of ${repetitions}`);
    if (coach.phase === "set") {
      number.hidden = false;
      write(value, String(coach.count));
      return;
    }
    write(more, coach.phase === "done" ? this.summary(coach.plan).join("\n") : "");
    if (coach.phase === "ready") {
      write(title, coach.plan.name ? `Next: ${coach.plan.name}` : "Next");
      write(large, `Set ${coach.set}`);
      write(text, `${repetitionsWords(repetitions)}, set ${coach.set} of ${sets}`);
    } else if (coach.phase === "rest") {
      write(title, "Rest");
      write(large, clock(coach.leftS(performance.now())));
      write(text, `Then set ${coach.set} of ${sets}. Done: ${coach.done.join(", ")}`);
    } else {
      write(title, "All is done");
      write(large, String(coach.done.reduce((sum, one) => sum + one, 0)));
      write(text, `repetitions in ${setsWords(sets)}: ${coach.done.join(", ")}`);
    }
  }
}

/**
 * Returns a time as minutes and seconds: 1:05.
 * @param {number} seconds
 */
function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * Presses a switch and returns whether it is on now.
 * @param {HTMLButtonElement} button
 */
function press(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}

/**
 * Writes only what is new: a screen reader says every change.
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
