// The Live page's camera: frames go to the server one by one, the skeleton and the numbers come back.
// `camera.js`, `drawing.js` and `recording.js` are appended. Streamlit calls the default export each time the page has run.

const SIDE_MAX_PX = 640;
const JPEG_QUALITY = 0.8;
const UNDER_WAY_MAX = 2; // frames sent and not answered: one at the server, one on its way
const RENEW_BEFORE_MS = 20_000;
const PACE_MS = 1000;
const UNANSWERED_MS = 5000;
const RENEWAL_MS = 10_000;

const cameras = new WeakMap();

export default function (component) {
  const { parentElement, data } = component;
  let camera = cameras.get(parentElement);
  if (!camera) {
    camera = new LiveCamera(parentElement.querySelector(".live"));
    cameras.set(parentElement, camera);
  }
  camera.update(data, component.setTriggerValue);
  return () => {
    cameras.delete(parentElement);
    camera.close();
  };
}

class LiveCamera {
  constructor(root) {
    this.root = root;
    const find = (name) => root.querySelector(name);
    this.parts = Object.fromEntries(
      ["stage", "number", "value", "unit", "tempo", "empty", "cue", "start", "stop", "save", "turn", "pace", "instead", "message"]
        .map((name) => [name, find(`.${name}`)]),
    );
    Object.assign(this.parts, {
      video: find("video"), canvas: find("canvas"), progress: find("progress"), file: find("input"),
    });
    this.shot = document.createElement("canvas");
    this.facing = "user";
    this.stream = null;
    this.socket = null;
    this.recording = null;
    this.afterRenewal = null;
    this.starts = 0; // how often the camera was started or ended: an older start that still waits for something gives up
    this.parts.start.addEventListener("click", () => this.withFreshToken(() => this.start()));
    this.parts.stop.addEventListener("click", () => this.stop());
    this.parts.save.addEventListener("click", () => this.save());
    this.parts.turn.addEventListener("click", () => this.turn());
    this.parts.file.addEventListener("change", () => {
      const [clip] = this.parts.file.files;
      if (clip) this.withFreshToken(() => this.upload(clip, clip.name));
    });
    this.parts.video.addEventListener("resize", () => this.fitPicture());
    this.onPageHide = () => this.recording?.discard();
    window.addEventListener("pagehide", this.onPageHide);
    this.onVisible = () => this.keepAwake();
    document.addEventListener("visibilitychange", this.onVisible);
    removeLeftovers();
    const canFilm = window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);
    show(this.parts.instead, !canFilm);
    show(this.parts.stage, canFilm);
    show(this.parts.start, canFilm);
    show(this.parts.cue, canFilm);
  }

  // ---- what the page's script says -------------------------------------------------------------------------------

  update(data, setTriggerValue) {
    const other = this.data && (this.data.activity !== data.activity || this.data.model !== data.model);
    this.data = data;
    this.receivedMs = performance.now();
    this.setTriggerValue = setTriggerValue;
    if (this.afterRenewal) {
      const go = this.afterRenewal;
      this.afterRenewal = null;
      clearTimeout(this.renewalTimer);
      go();
    } else if (other && this.stream) {
      this.stop();
      this.start();
    }
  }

  withFreshToken(go) {
    if (performance.now() - this.receivedMs < this.data.token_ms - RENEW_BEFORE_MS) {
      go();
      return;
    }
    this.renewToken(go);
  }

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

  say(sentence) {
    this.parts.message.textContent = sentence ?? "";
    show(this.parts.message, Boolean(sentence));
  }

  close() {
    this.endCamera();
    this.recording?.discard();
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
    let stream = null;
    try {
      stream = await cameraStream(this.facing);
      if (mine === this.starts) {
        video.srcObject = stream;
        await video.play();
      }
    } catch (error) {
      release(stream);
      if (mine === this.starts) this.say(cameraError(error));
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
    this.fitPicture();
    this.keepAwake();
    this.showState();
    this.connect();
  }

  // The picture has a size, or another one: the phone was turned.
  fitPicture() {
    const { video, stage } = this.parts;
    if (!this.stream || video.videoWidth === 0) return;
    const before = this.shape;
    stage.style.aspectRatio = this.shape = `${video.videoWidth} / ${video.videoHeight}`;
    if (!before || before === this.shape || !this.recording?.isRunning) return;
    this.recording.end(); // a video has one size: the analysis would leave out what comes now
    this.say("The picture was turned: the recording ends here. Start again to record anew.");
  }

  // The screen stays on while the camera is; the browser forgets that whenever the page is hidden.
  async keepAwake() {
    const { stream } = this;
    if (!stream || document.visibilityState !== "visible") return;
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (this.stream === stream) this.wakeLock = lock;
    else lock?.release();
  }

  stop(sentence) {
    this.recording?.end();
    this.endCamera();
    this.showState();
    if (sentence) this.say(sentence);
  }

  endCamera() {
    this.socket?.close(1000);
    this.socket = null;
    this.starts += 1;
    this.parts.start.disabled = false;
    release(this.stream);
    this.stream = null;
    this.shape = null;
    this.parts.video.srcObject = null;
    this.wakeLock?.release();
    this.wakeLock = null;
    this.draw(null);
  }

  async turn() {
    this.facing = this.facing === "user" ? "environment" : "user";
    this.stop();
    await this.withFreshToken(() => this.start());
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
    if (on) this.showResult({ count: null, cadence_spm: null, tempo_per_min: null, unit: this.data.unit });
    const devices = on ? await navigator.mediaDevices.enumerateDevices() : [];
    show(this.parts.turn, Boolean(this.stream) && devices.filter((one) => one.kind === "videoinput").length > 1);
  }

  startRecording() {
    const { activity } = this.sent;
    this.recording = Recording.of(this.stream, {
      activity,
      limitBytes: 0.95 * this.data.limit_bytes,
      onFull: (sentence) => this.say(sentence),
    });
    show(this.parts.save, Boolean(this.recording));
    if (!this.recording) this.say("This browser cannot record the camera. To keep a session, analyse a clip of the camera app.");
  }

  // ---- saving ----------------------------------------------------------------------------------------------------

  async save() {
    const { recording } = this;
    if (this.stream) this.stop();
    this.setSending(true);
    const clip = await recording.clip().catch(() => null);
    if (!clip?.size) {
      this.setSending(false);
      this.say("Nothing was recorded, or the browser had no room to keep it. Start again.");
      return;
    }
    this.withFreshToken(() => this.upload(clip, recording.name, recording.activity));
  }

  setSending(yes) {
    for (const name of ["save", "start", "file"]) this.parts[name].disabled = yes;
    this.parts.progress.value = 0;
    show(this.parts.progress, yes);
  }

  upload(clip, name, activity = this.data.activity, again = true) {
    if (clip.size > this.data.limit_bytes) {
      this.setSending(false);
      this.say(`The clip has ${Math.ceil(clip.size / 2 ** 20)} MB; at most ${Math.floor(this.data.limit_bytes / 2 ** 20)} MB can be saved.`);
      return;
    }
    const query = new URLSearchParams({ name, activity, person: this.data.person });
    const request = new XMLHttpRequest();
    request.open("POST", `${this.data.upload_url}?${query}`);
    request.setRequestHeader(this.data.token_header, this.data.upload_token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      this.parts.progress.value = event.lengthComputable ? event.loaded / event.total : 0;
    });
    request.addEventListener("loadend", () => {
      if (request.status === 403 && again) { // the server was started anew and does not know the token
        this.renewToken(() => this.upload(clip, name, activity, false));
        return;
      }
      this.setSending(false);
      const { job, error } = request.response ?? {};
      if (job) {
        this.recording?.discard();
        this.recording = null;
        this.setTriggerValue("job", job);
      } else this.say(error ?? "The recording could not be sent; is the server still running? Try again.");
    });
    this.say(null);
    this.setSending(true);
    request.send(clip);
  }

  // ---- the socket ------------------------------------------------------------------------------------------------

  connect() {
    const { socket_url, live_token, activity, model } = this.data;
    const address = new URL(socket_url, window.location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    this.sent = { activity };
    this.waiting = new Map(); // number of a frame that was sent → when it was taken
    this.shooting = false;
    this.number = 0;
    this.delaysMs = [];
    this.reason = null;
    socket.addEventListener("open", () => socket.send(JSON.stringify({ token: live_token, activity, model })));
    socket.addEventListener("message", (event) => {
      if (this.socket === socket) this.take(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.stop(this.reason ?? "The connection to the server broke off. Start again.");
    });
  }

  take(message) {
    if (message.kind === "ready") {
      this.startRecording();
      this.parts.cue.textContent = "";
      this.paceSinceMs = performance.now();
      this.nextFrame();
    } else if (message.kind === "pose") {
      this.takePose(message);
    } else if (message.kind === "result") {
      this.showResult(message);
    } else if (message.kind === "end") {
      this.reason = message.reason;
    }
  }

  nextFrame() {
    const { video } = this.parts;
    const { socket } = this;
    const onFrame = (nowMs, metadata) => {
      if (this.socket !== socket || socket.readyState !== WebSocket.OPEN) return;
      this.shoot(metadata?.presentationTime ?? nowMs);
      this.nextFrame();
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(onFrame);
    else requestAnimationFrame(onFrame);
  }

  shoot(takenMs) {
    for (const [number, sentMs] of this.waiting) {
      if (takenMs - sentMs > UNANSWERED_MS) this.waiting.delete(number);
    }
    const { video } = this.parts;
    if (this.shooting || this.waiting.size >= UNDER_WAY_MAX || video.videoWidth === 0) return; // dropped, not queued
    const scale = Math.min(1, SIDE_MAX_PX / Math.max(video.videoWidth, video.videoHeight));
    this.shot.width = Math.round(video.videoWidth * scale);
    this.shot.height = Math.round(video.videoHeight * scale);
    this.shot.getContext("2d", { alpha: false, willReadFrequently: true }).drawImage(video, 0, 0, this.shot.width, this.shot.height);
    this.shooting = true;
    const { socket } = this;
    this.shot.toBlob((picture) => {
      this.shooting = false;
      if (!picture || this.socket !== socket || socket.readyState !== WebSocket.OPEN) return;
      this.number += 1;
      const header = new DataView(new ArrayBuffer(12));
      header.setUint32(0, this.number);
      header.setFloat64(4, takenMs / 1000);
      this.waiting.set(this.number, takenMs);
      socket.send(new Blob([header, picture]));
    }, "image/jpeg", JPEG_QUALITY);
  }

  takePose({ number, points }) {
    const takenMs = this.waiting.get(number);
    for (const other of [...this.waiting.keys()]) {
      if (other <= number) this.waiting.delete(other); // an older one was dropped: it will not be answered
    }
    this.draw(points);
    if (takenMs !== undefined) this.notePace(performance.now() - takenMs);
  }

  notePace(delayMs) {
    this.delaysMs.push(delayMs);
    this.root.dispatchEvent(new CustomEvent("gaitlab-live-pose", { bubbles: true, composed: true, detail: { delayMs } }));
    const nowMs = performance.now();
    const elapsedMs = nowMs - this.paceSinceMs;
    if (elapsedMs < PACE_MS) return;
    const middleMs = this.delaysMs.toSorted((a, b) => a - b)[this.delaysMs.length >> 1];
    const perSecond = Math.round((1000 * this.delaysMs.length) / elapsedMs);
    this.parts.pace.textContent = `${perSecond} frames per second, ${Math.round(middleMs)} ms behind`;
    this.delaysMs = [];
    this.paceSinceMs = nowMs;
  }

  // ---- what is shown ---------------------------------------------------------------------------------------------

  showResult({ count, cadence_spm, tempo_per_min, unit, cue }) {
    const number = count ?? cadence_spm;
    this.parts.value.textContent = number === null ? "–" : String(Math.round(number));
    this.parts.unit.textContent = unit;
    this.parts.tempo.textContent = tempo_per_min === null ? "" : `${Math.round(tempo_per_min)} per minute`;
    // Only what is new is written: a screen reader says every change.
    if (cue && this.parts.cue.textContent !== cue) this.parts.cue.textContent = cue;
  }

  draw(points) {
    drawSkeleton(this.parts.canvas, this.parts.video, points, this.data.bones);
  }
}

function show(element, yes) {
  element.hidden = !yes;
}
