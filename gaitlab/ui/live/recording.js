// @ts-check
// The recording of the live camera.

/**
 * Where the pieces of a recording go.
 * @typedef {object} Sink
 * @property {(piece: Blob) => Promise<void>} write
 * @property {(type: string) => Promise<Blob>} close
 * @property {() => Promise<void>} discard
 */

/**
 * @typedef {object} Wishes
 * @property {string} activity
 * @property {number} limitBytes the recording ends when it is larger
 * @property {(sentence: string) => void} onFull
 */

const RECORDER_BITS_PER_S = 2500000;
// H.264 first: where no hardware encodes, it takes a third of the processor's time that VP8 takes, which the network needs.
const RECORDER_TYPES = ["video/mp4;codecs=avc1", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const PIECE_MS = 1000;
const FILE_PREFIX = "gaitlab-live-";
const LEFTOVER_MS = 24 * 3600 * 1000;

/**
 * What the camera shows, as a video. It goes to a file of the browser's own where there is one, so that a long session does
 * not fill the memory; the file is removed when it was saved, replaced, or the page is left.
 */
export class Recording {
  /**
   * Returns a recording that has begun; null where the browser cannot record.
   * @param {MediaStream} stream
   * @param {Wishes} wishes
   */
  static of(stream, wishes) {
    const mimeType = RECORDER_TYPES.find((one) => window.MediaRecorder?.isTypeSupported(one));
    if (!mimeType) return null;
    const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond: RECORDER_BITS_PER_S });
    return new Recording(recorder, wishes);
  }

  /**
   * @param {MediaRecorder} recorder
   * @param {Wishes} wishes
   */
  constructor(recorder, { activity, limitBytes, onFull }) {
    this.activity = activity;
    this.recorder = recorder;
    this.type = recorder.mimeType.split(";")[0];
    this.name = fileName(this.type, new Date());
    this.discarded = false;
    this.opened = openSink();
    /** @type {Promise<unknown>} */
    this.written = this.opened;
    /** @type {Promise<Blob> | null} */
    this.finished = null;
    let bytes = 0;
    recorder.addEventListener("dataavailable", ({ data }) => {
      bytes += data.size;
      this.written = this.written
        .then(() => this.opened)
        .then((sink) => sink.write(data))
        .catch(() => {
          if (this.discarded) return;
          this.end();
          onFull("The browser has no more room for the recording; it ends here.");
        });
      if (bytes > limitBytes && recorder.state === "recording") {
        recorder.stop();
        onFull("The recording has reached the largest size that can be saved; it ends here.");
      }
    });
    this.stopped = new Promise((resolve) => {
      recorder.addEventListener("stop", resolve, { once: true });
    });
    recorder.start(PIECE_MS);
    this.startedMs = performance.now();
  }

  /** How long it lasts until now, in seconds. */
  get lastsS() {
    return (performance.now() - this.startedMs) / 1000;
  }

  get isRunning() {
    return this.recorder.state === "recording";
  }

  end() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  /**
   * Ends the recording and returns it as a file.
   * @returns {Promise<Blob>}
   */
  clip() {
    this.end();
    if (!this.finished) {
      this.finished = this.stopped
        .then(() => this.written)
        .then(() => this.opened)
        .then((sink) => sink.close(this.type));
    }
    return this.finished;
  }

  discard() {
    this.discarded = true;
    this.end();
    this.opened.then((sink) => sink.discard());
  }
}

/**
 * Returns the name for a recording that began at a moment.
 * @param {string} type
 * @param {Date} began
 */
export function fileName(type, began) {
  const time = began.toISOString().slice(0, 19).replace(/:/g, "");
  return `live-${time}.${type === "video/mp4" ? "mp4" : "webm"}`;
}

/** @returns {Promise<Sink>} */
async function openSink() {
  try {
    const folder = await navigator.storage.getDirectory();
    const name = `${FILE_PREFIX}${crypto.randomUUID()}`;
    const handle = await folder.getFileHandle(name, { create: true });
    const writer = await handle.createWritable();
    return {
      write: (piece) => writer.write(piece),
      close: () => writer.close().then(() => handle.getFile()),
      discard: () =>
        writer
          .abort()
          .catch(() => {})
          .then(() => folder.removeEntry(name))
          .catch(() => {}),
    };
  } catch {
    return memorySink();
  }
}

/** @returns {Sink} */
function memorySink() {
  /** @type {Blob[]} */
  let pieces = [];
  return {
    write: async (piece) => {
      pieces.push(piece);
    },
    close: async (type) => new Blob(pieces, { type }),
    discard: async () => {
      pieces = [];
    },
  };
}

/** A tab that crashed could not remove its recording. */
export async function removeLeftovers() {
  try {
    const folder = await navigator.storage.getDirectory();
    for await (const [name, handle] of folder.entries()) {
      if (!name.startsWith(FILE_PREFIX) || !(handle instanceof FileSystemFileHandle)) continue;
      const { lastModified } = await handle.getFile();
      if (Date.now() - lastModified > LEFTOVER_MS) await folder.removeEntry(name);
    }
  } catch {
    // No such folder in this browser: nothing was left in it.
  }
}
