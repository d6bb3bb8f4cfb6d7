// @ts-check
// The Live page's camera. The network runs in the browser, and points go to the server; or frames go to the server one by
// one, and the skeleton comes back. The numbers always come from the server.

import { part } from "../shared/component.js";
import { cameraError, cameraStream, release } from "./camera.js";
import { Coaching } from "./coaching.js";
import { Connection, eachFrame, FrameSender } from "./connection.js";
import { drawSkeleton } from "./drawing.js";
import { Pace } from "./frames.js";
import { FullScreen } from "./full_screen.js";
import { BrowserNetwork } from "./network.js";
import { isOn, placeBeside, placeIn } from "./pointing.js";
import { pointsRecord } from "./points.js";
import { PointsLine } from "./points_line.js";
import { Recording, removeLeftovers } from "./recording.js";
import { SmoothFigure } from "./smooth_figure.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Component, Tell } from "../shared/component.js" */
/** @import { Hearers } from "./connection.js" */
/** @import { Points } from "./drawing.js" */
/** @import { CameraData, Result } from "./live_data.js" */
/** @import { Posed } from "./network_data.js" */

const RENEW_BEFORE_MS = 20000;
const RENEWAL_MS = 10000;
const BROKEN = "The connection to the server broke off. Start again.";

/** @type {WeakMap<ParentNode, LiveCamera>} */
const cameras = new WeakMap();

/** @param {Component<CameraData>} component */
export default function (component) {
  const { parentElement, data } = component;
  let camera = cameras.get(parentElement);
  if (!camera) {
    camera = new LiveCamera(part(parentElement, ".live", HTMLElement), data, component.setTriggerValue);
    cameras.set(parentElement, camera);
  }
  camera.update(data, component.setTriggerValue);
  return () => {
    cameras.delete(parentElement);
    camera.close();
  };
}

class LiveCamera {
  /**
   * @param {HTMLElement} root
   * @param {CameraData} data
   * @param {Tell} setTriggerValue
   */
  constructor(root, data, setTriggerValue) {
    this.root = root;
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    this.receivedMs = performance.now();
    /** @param {string} selector */
    const element = (selector) => part(root, selector, HTMLElement);
    /** @param {string} selector */
    const button = (selector) => part(root, selector, HTMLButtonElement);
    this.parts = {
      stage: element(".stage"),
      number: element(".number"),
      value: element(".value"),
      unit: element(".unit"),
      tempo: element(".tempo"),
      empty: element(".empty"),
      cue: element(".cue"),
      pace: element(".pace"),
      where: element(".where"),
      instead: element(".instead"),
      message: element(".message"),
      start: button(".start"),
      stop: button(".stop"),
      save: button(".save"),
      go: button(".go"),
      skip: button(".skip"),
      turn: button(".turn"),
      video: part(root, "video", HTMLVideoElement),
      canvas: part(root, "canvas", HTMLCanvasElement),
      progress: part(root, "progress", HTMLProgressElement),
      file: part(root, "input", HTMLInputElement),
    };
    this.coaching = new Coaching(root, (isSaved) => this.goOn(isSaved));
    this.fullScreen = new FullScreen(root, button(".full"));
    this.facing = "user";
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {Recording | null} */
    this.recording = null;
    /** @type {WakeLockSentinel | null} */
    this.wakeLock = null;
    /** @type {string | null} */
    this.shape = null;
    /** @type {(() => void) | null} */
    this.afterRenewal = null;
    /** @type {number | undefined} */
    this.renewalTimer = undefined;
    this.starts = 0; // how often the camera was started or ended: an older start that still waits for something gives up
    /** @type {Connection | PointsLine | null} */
    this.connection = null;
    /** @type {BrowserNetwork | null} */
    this.network = null;
    this.asked = ""; // which networks it may choose from
    this.unable = ""; // why this browser does not run one of them, once that is known
    this.goesOn = false; // to the next exercise of the programme, when the recording has arrived
    /** @type {number | null} its place, once the page was asked for it */
    this.nextItem = null;
    this.pace = new Pace(0);
    /** @type {number | null} the newest count or cadence */
    this.told = null;
    /** @type {Points | null} the newest ones */
    this.points = null;
    /** @type {Point | null} where the person stands who was pointed at, as shares of the picture */
    this.at = null;
    /** @type {number[] | null} the same for the analysis of the recording: its second, x and y in pixels */
    this.pointed = null;
    this.onPageHide = () => this.recording?.discard();
    this.onVisible = () => this.keepAwake();
    this.listen();
    removeLeftovers();
    const canFilm = window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
    const { instead, stage, start, cue } = this.parts;
    show(instead, !canFilm);
    for (const one of [stage, start, cue, element(".aids")]) show(one, canFilm);
  }

  listen() {
    const { start, stop, save, turn, file, video, stage } = this.parts;
    start.addEventListener("click", () => this.withFreshToken(() => this.start()));
    stop.addEventListener("click", () => this.stop());
    save.addEventListener("click", () => this.save());
    turn.addEventListener("click", () => this.turn());
    stage.addEventListener("click", (event) => this.choose(event));
    stage.addEventListener("keydown", (event) => this.chooseBeside(event));
    file.addEventListener("change", () => {
      const clip = file.files?.[0];
      if (clip) this.withFreshToken(() => this.upload(clip, clip.name));
    });
    video.addEventListener("resize", () => this.fitPicture());
    window.addEventListener("pagehide", this.onPageHide);
    document.addEventListener("visibilitychange", this.onVisible);
  }

  // ---- what the page's script says -------------------------------------------------------------------------------

  /**
   * @param {CameraData} data
   * @param {Tell} setTriggerValue
   */
  update(data, setTriggerValue) {
    const other =
      this.data.activity !== data.activity || this.data.model !== data.model || namesOf(this.data) !== namesOf(data);
    if (this.data.person !== data.person) this.coaching.finished.clear();
    this.data = data;
    this.receivedMs = performance.now();
    this.setTriggerValue = setTriggerValue;
    const isUnsaved = this.coaching.hasCounted && this.recording;
    this.coaching.last = data.last;
    this.coaching.take(data.sets);
    if (this.afterRenewal) {
      const go = this.afterRenewal;
      this.afterRenewal = null;
      clearTimeout(this.renewalTimer);
      go();
    } else if (this.nextItem !== null && data.sets?.item === this.nextItem) {
      this.nextItem = null;
      this.start();
    } else if (other && this.stream) {
      this.stop();
      if (isUnsaved) this.say("What was recorded is kept: save it, or start again without it.");
      else this.start();
    }
  }

  /** @param {() => void} go */
  withFreshToken(go) {
    if (performance.now() - this.receivedMs < this.data.token_ms - RENEW_BEFORE_MS) go();
    else this.renewToken(go);
  }

  /** @param {() => void} go */
  renewToken(go) {
    this.afterRenewal = go;
    clearTimeout(this.renewalTimer);
    this.renewalTimer = setTimeout(() => {
      this.afterRenewal = null;
      this.setSending(false);
      this.say("The server does not answer. Is it still running? Try again.");
    }, RENEWAL_MS);
    this.setTriggerValue("renew", Date.now());
  }

  /** @param {string | null} sentence */
  say(sentence) {
    this.parts.message.textContent = sentence ?? "";
    show(this.parts.message, Boolean(sentence));
  }

  close() {
    this.endCamera();
    this.network?.close();
    this.network = null;
    this.recording?.discard();
    this.coaching.close();
    this.fullScreen.close();
    clearTimeout(this.renewalTimer);
    window.removeEventListener("pagehide", this.onPageHide);
    document.removeEventListener("visibilitychange", this.onVisible);
  }

  // ---- camera and recording --------------------------------------------------------------------------------------

  async start() {
    this.say(null);
    this.parts.start.disabled = true;
    this.starts += 1;
    const mine = this.starts;
    const { video, stage } = this.parts;
    /** @type {MediaStream | null} */
    let stream = null;
    try {
      stream = await cameraStream(this.facing);
      if (mine === this.starts) {
        video.srcObject = stream;
        await video.play();
      }
    } catch (error) {
      release(stream);
      if (mine === this.starts) this.say(cameraError(/** @type {Error} */ (error)));
      return;
    } finally {
      if (mine === this.starts) this.parts.start.disabled = false;
    }
    if (mine !== this.starts) {
      release(stream);
      return;
    }
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => {
      if (this.stream === stream) this.stop("The camera was switched off.");
    });
    stage.classList.toggle("mirrored", track.getSettings().facingMode === "user");
    this.recording?.discard();
    this.recording = null;
    this.at = this.pointed = null;
    this.fitPicture();
    this.keepAwake();
    this.showState();
    this.coaching.begin(this.data.sets, this.data.needed);
    this.connect();
  }

  /** The picture has a size, or another one: the phone was turned. */
  fitPicture() {
    const { video, stage } = this.parts;
    if (!this.stream || video.videoWidth === 0) return;
    const before = this.shape;
    this.shape = `${video.videoWidth} / ${video.videoHeight}`;
    stage.style.aspectRatio = this.shape;
    if (!before || before === this.shape || !this.recording?.isRunning) return;
    this.recording.end(); // a video has one size: the analysis would leave out what comes now
    this.say("The picture was turned: the recording ends here. Start again to record anew.");
  }

  /** The screen stays on while the camera is; the browser forgets that whenever the page is hidden. */
  async keepAwake() {
    const { stream } = this;
    if (!stream || document.visibilityState !== "visible") return;
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (this.stream === stream) this.wakeLock = lock;
    else lock?.release();
  }

  /** @param {string} [sentence] */
  stop(sentence) {
    this.recording?.end();
    this.endCamera();
    this.showState();
    if (sentence) this.say(sentence);
  }

  endCamera() {
    this.connection?.close();
    this.connection = null;
    this.starts += 1;
    this.parts.start.disabled = false;
    release(this.stream);
    this.stream = null;
    this.shape = null;
    this.parts.video.srcObject = null;
    this.wakeLock?.release();
    this.wakeLock = null;
    this.parts.number.classList.remove("waiting");
    this.coaching.end();
    this.draw(null);
  }

  /**
   * Somebody was pointed at: they are followed from now on, and what they do is counted anew.
   * @param {MouseEvent} event
   */
  choose(event) {
    const { stage, video } = this.parts;
    const at = placeIn(stage.getBoundingClientRect(), video, event, stage.classList.contains("mirrored"));
    if (at && !(this.points && isOn(this.points, at))) this.follow(at);
  }

  /**
   * An arrow key on the picture chooses the person on that side of the one who is followed.
   * @param {KeyboardEvent} event
   */
  chooseBeside(event) {
    const { stage } = this.parts;
    const way = event.key === "ArrowLeft" ? "left" : event.key === "ArrowRight" ? "right" : null;
    if (!way) return;
    event.preventDefault();
    this.follow(placeBeside(this.points, way, stage.classList.contains("mirrored")));
  }

  /** @param {Point} at */
  follow(at) {
    const { video } = this.parts;
    if (!this.connection || video.videoWidth === 0) return;
    this.at = at;
    this.pointed = [this.recording?.lastsS ?? 0, at[0] * video.videoWidth, at[1] * video.videoHeight];
    this.connection.close();
    this.connection = null;
    this.starts += 1;
    this.coaching.countAnew();
    this.showState();
    this.connect();
  }

  turn() {
    this.facing = this.facing === "user" ? "environment" : "user";
    this.stop();
    this.withFreshToken(() => this.start());
  }

  async showState() {
    const on = Boolean(this.stream);
    show(this.parts.start, !on);
    show(this.parts.stop, on);
    show(this.parts.save, Boolean(this.recording));
    show(this.parts.number, on || Boolean(this.recording));
    show(this.parts.empty, !on);
    this.parts.save.classList.toggle("primary", !on); // the camera is off: saving is what is left to do
    this.parts.start.classList.toggle("primary", !this.recording);
    this.parts.start.textContent = this.recording ? "Start again" : "Start the camera";
    this.parts.cue.textContent = on ? "Getting ready…" : "";
    this.parts.pace.textContent = "";
    this.parts.where.textContent = "";
    if (on)
      this.showResult({
        count: null,
        cadence_spm: null,
        tempo_per_min: null,
        step_asymmetry_pct: null,
        is_uneven: false,
        unit: this.data.unit,
      });
    const devices = on ? await navigator.mediaDevices.enumerateDevices() : [];
    show(this.parts.turn, Boolean(this.stream) && devices.filter((one) => one.kind === "videoinput").length > 1);
  }

  /** @param {string} activity */
  startRecording(activity) {
    if (!this.stream || this.recording) return; // it goes on when another person is followed
    this.recording = Recording.of(this.stream, {
      activity,
      limitBytes: 0.95 * this.data.limit_bytes,
      onFull: (sentence) => this.say(sentence),
    });
    this.coaching.isRecorded = Boolean(this.recording);
    show(this.parts.save, this.coaching.isRecorded);
    if (!this.recording)
      this.say("This browser cannot record the camera. To keep a session, analyse a clip of the camera app.");
  }

  // ---- saving ----------------------------------------------------------------------------------------------------

  /**
   * Goes on to the next exercise of the programme, which is counted anew.
   * @param {boolean} isSaved whether the recording is saved before; else it is given up
   */
  goOn(isSaved) {
    if (isSaved && this.recording) {
      this.goesOn = true;
      this.save();
      return;
    }
    this.stop();
    this.recording?.discard();
    this.recording = null;
    this.askForNext(null);
  }

  /** @param {string | null} job the analysis of what was recorded */
  askForNext(job) {
    this.nextItem = (this.data.sets?.item ?? 0) + 1;
    this.setTriggerValue("next", { item: this.nextItem, job });
  }

  async save() {
    const { recording } = this;
    if (!recording) return;
    if (this.stream) this.stop();
    this.setSending(true);
    const clip = await recording.clip().catch(() => null);
    if (!clip?.size) {
      this.setSending(false);
      this.say("Nothing was recorded, or the browser had no room to keep it. Start again.");
      return;
    }
    this.withFreshToken(() => this.upload(clip, recording.name, recording));
  }

  /** @param {boolean} yes */
  setSending(yes) {
    const { save, go, skip, start, file, progress } = this.parts;
    for (const one of [save, go, skip, start, file]) one.disabled = yes;
    if (!yes) this.goesOn = false;
    progress.value = 0;
    show(progress, yes);
  }

  /**
   * @param {Blob} clip
   * @param {string} name
   * @param {Recording | null} [recording] null: a clip of the camera app
   */
  upload(clip, name, recording = null, again = true) {
    if (clip.size > this.data.limit_bytes) {
      this.setSending(false);
      const [mb, most] = [Math.ceil(clip.size / 2 ** 20), Math.floor(this.data.limit_bytes / 2 ** 20)];
      this.say(`The clip has ${mb} MB; at most ${most} MB can be saved.`);
      return;
    }
    const activity = recording?.activity ?? this.data.activity;
    const query = new URLSearchParams({ name, activity, person: this.data.person });
    // A count that began anew with somebody chosen is not that of the whole recording.
    const isOfAll = !this.pointed || activity === "gait";
    if (recording && this.told !== null && isOfAll) query.set("live", String(this.told));
    if (recording && this.pointed) query.set("subject_at", this.pointed.map((one) => one.toFixed(2)).join());
    const request = new XMLHttpRequest();
    request.open("POST", `${this.data.upload_url}?${query}`);
    request.setRequestHeader(this.data.token_header, this.data.upload_token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      this.parts.progress.value = event.lengthComputable ? event.loaded / event.total : 0;
    });
    request.addEventListener("loadend", () => {
      if (request.status === 403 && again) {
        // the server was started anew and does not know the token
        this.renewToken(() => this.upload(clip, name, recording, false));
        return;
      }
      const { goesOn } = this;
      this.setSending(false);
      const { job, error } = request.response ?? {};
      if (job) {
        this.recording?.discard();
        this.recording = null;
        if (goesOn) this.askForNext(job);
        else this.setTriggerValue("job", job);
      } else this.say(error ?? "The recording could not be sent; is the server still running? Try again.");
    });
    this.say(null);
    this.setSending(true);
    request.send(clip);
  }

  // ---- where the network runs, and the socket ---------------------------------------------------------------------

  async connect() {
    const mine = this.starts;
    const words = await this.networkHere();
    if (mine !== this.starts) return;
    if (words !== null) {
      this.parts.where.textContent = `On this computer (${words}). Only points leave this browser, no picture.`;
      this.sendPoints();
    } else if (this.data.networks?.networks.length === 1) {
      // Somebody who chose it by its name may not want a frame to leave the browser.
      this.stop(`${this.unable}. Choose another place for the pose model, or the server.`);
    } else {
      const where = this.unable && this.data.networks ? `${this.unable}: on the server` : "On the server";
      this.parts.where.textContent = `${where}. Frames go there and are not kept.`;
      this.sendFrames();
    }
  }

  /** Returns what runs the network in this browser, in words; null where the server has to. */
  async networkHere() {
    const { networks } = this.data;
    if (this.asked !== namesOf(this.data)) {
      this.network?.close();
      this.network = null;
      this.unable = "";
      this.asked = namesOf(this.data);
    }
    if (!networks || this.unable) return null;
    try {
      if (!this.network) this.network = new BrowserNetwork(networks);
      return await this.network.loaded;
    } catch (error) {
      this.unableHere(/** @type {Error} */ (error).message);
      return null;
    }
  }

  /** @param {string} reason */
  unableHere(reason) {
    this.network?.close();
    this.network = null;
    this.unable = `${reason[0].toUpperCase()}${reason.slice(1)}`;
  }

  sendFrames() {
    const { video } = this.parts;
    const connection = this.greet(this.data.model, {
      onReady: () =>
        eachFrame(
          video,
          () => connection.isOpen,
          (takenMs) => sender.look(takenMs),
        ),
      onPose: (number, points) => {
        this.see(points);
        const delayMs = sender.delayMs(number);
        if (delayMs !== null) this.notePace(delayMs);
      },
    });
    const sender = new FrameSender(video, connection);
  }

  sendPoints() {
    const { network } = this;
    if (!network) return;
    const figure = new SmoothFigure();
    /** @param {Posed} posed */
    const onPose = (posed) => {
      this.see(figure.points(posed));
      this.notePace(performance.now() - posed.takenMs);
      line.send(pointsRecord(line.kept.last + 1, posed));
    };
    const { socket_url: url, activity } = this.data;
    const line = new PointsLine(
      (camera, hearers) =>
        new Connection(
          url,
          { token: this.data.live_token, activity, model: null, camera },
          { ...hearers, onPose: () => {}, onReach: (reach) => this.coaching.reach(reach) },
        ),
      (again) => this.renewToken(again),
      this.data.kept_frames,
      {
        onReady: () => {
          this.ready(activity);
          network.start(this.at, onPose, (reason) => {
            this.unableHere(reason);
            this.stop(`${this.unable}. Start again.`);
          });
          eachFrame(
            this.parts.video,
            () => !line.closed,
            (takenMs) => network.look(this.parts.video, takenMs),
          );
        },
        onWaiting: (isWaiting) => this.showWaiting(isWaiting),
        onForgotten: () =>
          this.say("The server was started anew: it counts what this browser still had, the last minutes."),
        onResult: (result) => this.showResult(result),
        onEnd: (reason) => this.stop(reason ?? BROKEN),
      },
    );
    this.connection = line;
  }

  /**
   * @param {string} model
   * @param {{ onReady: () => void, onPose: Hearers["onPose"] }} hearers
   */
  greet(model, { onReady, onPose }) {
    const { socket_url: url, live_token: token, activity } = this.data;
    const connection = new Connection(
      url,
      { token, activity, model, at: this.at },
      {
        onReady: () => {
          this.ready(activity);
          onReady();
        },
        onPose,
        onHeard: () => {},
        onReach: (reach) => this.coaching.reach(reach),
        onResult: (result) => this.showResult(result),
        onEnd: (reason) => this.stop(reason ?? BROKEN),
      },
    );
    this.connection = connection;
    return connection;
  }

  /** @param {string} activity */
  ready(activity) {
    this.startRecording(activity);
    this.parts.cue.textContent = "";
    this.pace = new Pace(performance.now());
  }

  /** @param {boolean} isWaiting */
  showWaiting(isWaiting) {
    this.parts.number.classList.toggle("waiting", isWaiting);
    if (isWaiting) this.coaching.forgetCue();
    if (isWaiting) this.parts.tempo.textContent = "waiting";
    else this.say(null); // a token that did not come
    this.parts.cue.textContent = isWaiting
      ? "Waiting for the connection. Go on: what you do is kept here and counted when it is back."
      : "";
  }

  /** @param {number} delayMs */
  notePace(delayMs) {
    const detail = { delayMs };
    this.root.dispatchEvent(new CustomEvent("gaitlab-live-pose", { bubbles: true, composed: true, detail }));
    const sentence = this.pace.note(delayMs, performance.now());
    if (sentence) this.parts.pace.textContent = sentence;
  }

  // ---- what is shown ---------------------------------------------------------------------------------------------

  /** @param {Result} result */
  showResult(result) {
    const { count, cadence_spm, unit } = result;
    this.told = count ?? cadence_spm;
    const number = this.coaching.hear(result) ?? cadence_spm;
    this.parts.value.textContent = number === null ? "–" : String(Math.round(number));
    this.parts.unit.textContent = this.coaching.wantsLess ? this.data.unit : unit;
    this.parts.tempo.textContent = besideWords(result);
  }

  /** @param {Points | null} points of the newest frame that was looked at */
  see(points) {
    const { video } = this.parts;
    this.points = points;
    this.draw(points);
    this.coaching.see(points, video.videoWidth / video.videoHeight);
  }

  /** @param {Points | null} points */
  draw(points) {
    drawSkeleton(this.parts.canvas, this.parts.video, points, this.data.plan, this.data.colors);
  }
}

/**
 * Returns what stands below the number: the tempo of repetitions, or how much the steps of the two feet differ.
 * @param {Result} result
 */
function besideWords({ tempo_per_min: tempo, step_asymmetry_pct: asymmetry, is_uneven: isUneven }) {
  if (tempo !== null) return `${Math.round(tempo)} per minute`;
  if (asymmetry === null) return "";
  const words = isUneven ? "steps are uneven" : "steps are even as far as can be measured";
  return `${words}: ${Math.round(asymmetry)} %`;
}

/**
 * Returns which networks the browser may choose from.
 * @param {{ networks: CameraData["networks"] }} data
 */
function namesOf({ networks }) {
  return networks ? networks.networks.map((one) => one.name).join() : "";
}

/**
 * @param {HTMLElement} element
 * @param {boolean} yes
 */
function show(element, yes) {
  element.hidden = !yes;
}
