// The Live page's camera: frames go to the server one by one, the skeleton and the numbers come back.
// `recording.js` is appended to this file. Streamlit calls the default export each time the page has run, with its `data`.

const SIDE_MAX_PX = 640;
const JPEG_QUALITY = 0.8;
const UNDER_WAY_MAX = 2; // frames sent and not answered: one at the server, one on its way
const RENEW_BEFORE_MS = 20_000;
const PACE_MS = 1000;
const UNANSWERED_MS = 5000;

const CAMERA_ERRORS = {
  NotAllowedError: "The browser may not use the camera. Allow it in the address bar and start again.",
  NotFoundError: "No camera was found. Connect one and start again, or analyse a clip instead.",
  NotReadableError: "The camera is in use by another program. Close that and start again.",
  OverconstrainedError: "This camera does not offer a picture that fits. Try the other one.",
};

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
    this.parts.start.addEventListener("click", () => this.withFreshToken(() => this.start()));
    this.parts.stop.addEventListener("click", () => this.stop());
    this.parts.save.addEventListener("click", () => this.save());
    this.parts.turn.addEventListener("click", () => this.turn());
    this.parts.file.addEventListener("change", () => {
      const [clip] = this.parts.file.files;
      if (clip) this.withFreshToken(() => this.upload(clip, clip.name));
    });
    this.onPageHide = () => this.recording?.discard();
    window.addEventListener("pagehide", this.onPageHide);
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
    this.afterRenewal = go;
    this.setTriggerValue("renew", Date.now());
  }

  say(sentence) {
    this.parts.message.textContent = sentence ?? "";
    show(this.parts.message, Boolean(sentence));
  }

  close() {
    this.closed = true;
    this.endCamera();
    this.recording?.discard();
    window.removeEventListener("pagehide", this.onPageHide);
  }

  // ---- camera and recording --------------------------------------------------------------------------------------

  async start() {
    this.say(null);
    this.parts.start.disabled = true;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode: this.facing },
      });
    } catch (error) {
      this.say(CAMERA_ERRORS[error.name] ?? `The camera could not be started (${error.name}).`);
      return;
    } finally {
      this.parts.start.disabled = false;
    }
    if (this.closed) {
      this.endCamera();
      return;
    }
    this.stream.getVideoTracks()[0].addEventListener("ended", () => this.stop("The camera was switched off."));
    const { video } = this.parts;
    video.srcObject = this.stream;
    await video.play();
    this.parts.stage.classList.toggle("mirrored", this.stream.getVideoTracks()[0].getSettings().facingMode === "user");
    this.parts.stage.style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
    this.wakeLock = await navigator.wakeLock?.request("screen").catch(() => null);
    this.recording?.discard();
    this.recording = null;
    this.showState();
    this.connect();
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
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
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
    show(this.parts.save, on || Boolean(this.recording));
    show(this.parts.number, on || Boolean(this.recording));
    show(this.parts.empty, !on);
    this.parts.save.classList.toggle("primary", !on); // the camera is off: saving is what is left to do
    this.parts.start.classList.toggle("primary", !this.recording);
    this.parts.start.textContent = this.recording ? "Start again" : "Start the camera";
    this.parts.cue.textContent = on ? "Getting ready…" : "";
    this.parts.pace.textContent = "";
    if (on) this.showReading({ count: null, cadence_spm: null, tempo_per_min: null, unit: this.data.unit });
    const devices = on ? await navigator.mediaDevices.enumerateDevices() : [];
    show(this.parts.turn, devices.filter((one) => one.kind === "videoinput").length > 1);
  }

  startRecording() {
    const { activity } = this.sent;
    this.recording = Recording.of(this.stream, {
      activity,
      limitBytes: 0.95 * this.data.limit_bytes,
      onFull: (sentence) => this.say(sentence),
    });
  }

  // ---- saving ----------------------------------------------------------------------------------------------------

  async save() {
    if (this.stream) this.stop();
    if (!this.recording) {
      this.say("This browser cannot record the camera. Film a clip with the camera app and analyse that.");
      return;
    }
    const clip = await this.recording.clip();
    const { name, activity } = this.recording;
    this.withFreshToken(() => this.upload(clip, name, activity));
  }

  upload(clip, name, activity = this.data.activity) {
    if (clip.size > this.data.limit_bytes) {
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
      show(this.parts.progress, false);
      this.parts.save.disabled = false;
      const { job, error } = request.response ?? {};
      if (job) {
        this.recording?.discard();
        this.recording = null;
        this.setTriggerValue("job", job);
      } else this.say(error ?? "The recording could not be sent; is the server still running? Try again.");
    });
    this.say(null);
    this.parts.save.disabled = true;
    this.parts.progress.value = 0;
    show(this.parts.progress, true);
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
    } else if (message.kind === "reading") {
      this.showReading(message);
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
    this.parts.pace.textContent = `${perSecond} pictures a second, ${Math.round(middleMs)} ms behind`;
    this.delaysMs = [];
    this.paceSinceMs = nowMs;
  }

  // ---- what is shown ---------------------------------------------------------------------------------------------

  showReading({ count, cadence_spm, tempo_per_min, unit, cue }) {
    const number = count ?? cadence_spm;
    this.parts.value.textContent = number === null ? "–" : String(Math.round(number));
    this.parts.unit.textContent = unit;
    this.parts.tempo.textContent = tempo_per_min === null ? "" : `${Math.round(tempo_per_min)} a minute`;
    // Only what is new is written: a screen reader says every change.
    if (cue && this.parts.cue.textContent !== cue) this.parts.cue.textContent = cue;
  }

  draw(points) {
    const { canvas, video } = this.parts;
    if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
    }
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!points) return;
    const unit = Math.max(canvas.width, canvas.height) / 160;
    const at = (index) => points[index] && [points[index][0] * canvas.width, points[index][1] * canvas.height];
    pen.lineCap = "round";
    // Each bone twice: a white rim first, so that it is seen on dark and on bright clothes.
    for (const rim of [true, false]) {
      for (const [first, second, color] of this.data.bones) {
        const [from, to] = [at(first), at(second)];
        if (!from || !to) continue;
        pen.strokeStyle = rim ? "#fff" : color;
        pen.lineWidth = rim ? 2 * unit : 1.2 * unit;
        pen.beginPath();
        pen.moveTo(...from);
        pen.lineTo(...to);
        pen.stroke();
      }
    }
  }
}

function show(element, yes) {
  element.hidden = !yes;
}
