// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, Recording } from "../../gaitlab/ui/live/recording.js";

/** A recorder as the browser has it: what the camera showed comes in pieces, the last one before "stop". */
class Recorder extends EventTarget {
  state = "inactive";
  mimeType = "video/webm;codecs=vp8";

  start() {
    this.state = "recording";
  }

  stop() {
    this.state = "inactive";
    this.piece("end");
    this.dispatchEvent(new Event("stop"));
  }

  /** @param {string} bytes */
  piece(bytes) {
    this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob([bytes]) }));
  }
}

function recorderAndRecording(limitBytes = 1000) {
  const recorder = new Recorder();
  /** @type {string[]} */
  const said = [];
  const recording = new Recording(/** @type {MediaRecorder} */ (/** @type {unknown} */ (recorder)), {
    activity: "squat",
    limitBytes,
    onFull: (sentence) => said.push(sentence),
  });
  return { recorder, recording, said };
}

test("a recording runs from the start until its end", () => {
  const { recording } = recorderAndRecording();
  assert.equal(recording.isRunning, true);
  recording.end();
  assert.equal(recording.isRunning, false);
});

test("the clip is all pieces in their order, with the last one", async () => {
  const { recorder, recording } = recorderAndRecording();
  recorder.piece("one ");
  recorder.piece("two ");
  assert.equal(await (await recording.clip()).text(), "one two end");
});

test("the clip has the type of the recorder, without the codec", async () => {
  const { recording } = recorderAndRecording();
  assert.equal((await recording.clip()).type, "video/webm");
});

for (const [can, expected] of [
  [["video/webm", "video/webm;codecs=vp8", "video/mp4", "video/mp4;codecs=avc1"], "video/mp4;codecs=avc1"],
  [["video/webm", "video/webm;codecs=vp8"], "video/webm;codecs=vp8"],
]) {
  test(`a browser that records ${can} records ${expected}`, (context) => {
    class OfBrowser extends Recorder {
      /** @param {string} type */
      static isTypeSupported(type) {
        return can.includes(type);
      }

      /**
       * @param {MediaStream} _
       * @param {{ mimeType: string }} wanted
       */
      constructor(_, { mimeType }) {
        super();
        this.mimeType = mimeType;
      }
    }
    const scope = /** @type {any} */ (globalThis);
    scope.window = { MediaRecorder: OfBrowser };
    scope.MediaRecorder = OfBrowser;
    context.after(() => {
      delete scope.window;
      delete scope.MediaRecorder;
    });
    const wishes = { activity: "squat", limitBytes: 1000, onFull: () => {} };
    const recording = Recording.of(/** @type {MediaStream} */ (/** @type {unknown} */ (null)), wishes);
    assert.equal(recording?.recorder.mimeType, expected);
  });
}

test("the clip can be fetched again after it ended", async () => {
  const { recorder, recording } = recorderAndRecording();
  recorder.piece("one ");
  assert.equal(await recording.clip(), await recording.clip());
});

test("a recording ends when it passes the largest size, says so once, and keeps what it has", async () => {
  const { recorder, recording, said } = recorderAndRecording(10);
  recorder.piece("123456");
  assert.equal(recording.isRunning, true);
  recorder.piece("123456");
  assert.equal(recording.isRunning, false);
  assert.equal(said.length, 1);
  assert.match(said[0], /largest size/);
  assert.equal(await (await recording.clip()).text(), "123456123456end");
});

test("a recording that the browser has no room for ends and says so", async () => {
  const { recorder, recording, said } = recorderAndRecording();
  const sink = await recording.opened;
  sink.write = () => Promise.reject(new Error("no room"));
  recorder.piece("one");
  await recording.written;
  assert.equal(recording.isRunning, false);
  assert.match(said[0], /no more room/);
});

test("a discarded recording keeps nothing and says nothing", async () => {
  const { recorder, recording, said } = recorderAndRecording();
  const sink = await recording.opened;
  let discarded = 0;
  sink.discard = async () => {
    discarded += 1;
  };
  sink.write = () => Promise.reject(new Error("gone"));
  recording.discard();
  recorder.piece("late");
  await recording.written;
  assert.deepEqual([recording.isRunning, discarded, said], [false, 1, []]);
});

test("the name tells when the recording began, without a colon, and ends as its type", () => {
  const began = new Date("2026-03-01T09:08:07.654Z");
  assert.equal(fileName("video/webm", began), "live-2026-03-01T090807.webm");
  assert.equal(fileName("video/mp4", began), "live-2026-03-01T090807.mp4");
});
