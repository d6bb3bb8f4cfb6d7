// The recording of the live camera; one module with `live.js`, which comes before it.

const RECORDER_BITS_PER_S = 2_500_000;
const RECORDER_TYPES = ["video/webm;codecs=vp8", "video/webm", "video/mp4"];
const PIECE_MS = 1000;
const FILE_PREFIX = "gaitlab-live-";
const LEFTOVER_MS = 24 * 3600 * 1000;

// What the camera shows, as a video. It goes to a file of the browser's own where there is one, so that a long session does
// not fill the memory; the file is removed when it was saved, replaced, or the page is left.
class Recording {
  static of(stream, { activity, limitBytes, onFull }) {
    const mimeType = RECORDER_TYPES.find((one) => window.MediaRecorder?.isTypeSupported(one));
    return mimeType ? new Recording(new MediaRecorder(stream, { mimeType, videoBitsPerSecond: RECORDER_BITS_PER_S }),
      activity, limitBytes, onFull) : null;
  }

  constructor(recorder, activity, limitBytes, onFull) {
    this.activity = activity;
    this.recorder = recorder;
    this.type = recorder.mimeType.split(";")[0];
    const ending = this.type === "video/mp4" ? "mp4" : "webm";
    this.name = `live-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${ending}`;
    this.written = openSink().then((sink) => { this.sink = sink; });
    let bytes = 0;
    recorder.addEventListener("dataavailable", ({ data }) => {
      bytes += data.size;
      this.written = this.written.then(() => this.sink.write(data)).catch(() => {
        if (this.discarded) return;
        this.end();
        onFull("The browser has no more room for the recording; it ends here.");
      });
      if (bytes > limitBytes && recorder.state === "recording") {
        recorder.stop();
        onFull("The recording has reached the largest size that can be saved; it ends here.");
      }
    });
    this.stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
    recorder.start(PIECE_MS);
  }

  get isRunning() {
    return this.recorder.state === "recording";
  }

  end() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  clip() {
    this.end();
    this.finished ??= this.stopped.then(() => this.written).then(() => this.sink.close(this.type));
    return this.finished;
  }

  discard() {
    this.discarded = true;
    this.end();
    if (this.sink) this.sink.discard();
    else this.written.then(() => this.sink.discard());
  }
}

async function openSink() {
  try {
    const folder = await navigator.storage.getDirectory();
    const name = `${FILE_PREFIX}${crypto.randomUUID()}`;
    const handle = await folder.getFileHandle(name, { create: true });
    const writer = await handle.createWritable();
    return {
      write: (piece) => writer.write(piece),
      close: () => writer.close().then(() => handle.getFile()),
      discard: () => writer.abort().catch(() => {}).then(() => folder.removeEntry(name)).catch(() => {}),
    };
  } catch {
    let pieces = [];
    return {
      write: (piece) => pieces.push(piece),
      close: (type) => Promise.resolve(new Blob(pieces, { type })),
      discard: () => { pieces = []; },
    };
  }
}

// A tab that crashed could not remove its recording.
async function removeLeftovers() {
  try {
    const folder = await navigator.storage.getDirectory();
    for await (const [name, handle] of folder.entries()) {
      if (!name.startsWith(FILE_PREFIX)) continue;
      const { lastModified } = await handle.getFile();
      if (Date.now() - lastModified > LEFTOVER_MS) await folder.removeEntry(name);
    }
  } catch {
    // No such folder in this browser: nothing was left in it.
  }
}
