// @ts-check
// The worker that runs the pose network in the browser: pictures of the camera come in, points go out.

import { Follower } from "./following.js";
import { LiteRt } from "./litert.js";
import {
  comparedMs,
  isQuickEnough,
  largerDoes,
  largerMayDo,
  measuredMs,
  saysWhatItMust,
  threadsFor,
} from "./network_choice.js";
import { NetworkSource } from "./network_source.js";
import { sampledSquare } from "./sampling.js";
import { TensorFlowJs } from "./tensorflow_js.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Square } from "./crop.js" */
/** @import { Detection } from "./detection.js" */
/** @import { Engine, FromWorker, Networks, NetworkFiles, ToWorker } from "./network_data.js" */
/** @import { Pixels } from "./sampling.js" */

/**
 * @typedef {object} WorkerScope
 * @property {(message: FromWorker) => void} postMessage
 * @property {((event: MessageEvent<ToWorker>) => void) | null} onmessage
 */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (globalThis));

/** One network, loaded. */
class Network {
  /**
   * @param {NetworkFiles} files
   * @param {Engine} engine
   */
  constructor(files, engine) {
    this.files = files;
    this.engine = engine;
  }

  /**
   * Returns the pose in a square of a picture.
   * @param {Pixels} picture
   * @param {Square} square
   * @returns {Promise<Detection>}
   */
  async look(picture, square) {
    const said = await this.engine.run(sampledSquare(picture, square, this.files.size));
    if (!said.every(Number.isFinite)) throw new Error("the network said something that is no number");
    /** @type {Point[]} */
    const xy = [];
    const score = [];
    for (let i = 0; i < said.length; i += 3) {
      xy.push([square.left + said[i + 1] * square.side, square.top + said[i] * square.side]);
      score.push(Math.min(1, Math.max(0, said[i + 2])));
    }
    return { xy, score };
  }
}

/** @typedef {LiteRt | TensorFlowJs} Backend what begins on a part of the device, and loads networks there */

/**
 * Returns a network; null where it says of the check picture what it must not.
 * @param {Backend} backend
 * @param {NetworkSource} source
 */
async function checked(backend, source) {
  const network = new Network(source.files, await backend.load(source));
  if (saysWhatItMust(await network.engine.run(await source.checkPicture()), source.files.expected)) return network;
  network.engine.close();
  return null;
}

/**
 * Returns a network and how long a run takes; null as above.
 * @param {Backend} backend
 * @param {NetworkSource} source
 */
async function tried(backend, source) {
  const network = await checked(backend, source);
  if (!network) return null;
  const picture = await source.checkPicture();
  const ms = await measuredMs(
    () => network.engine.run(picture),
    () => performance.now(),
  );
  return { network, ms };
}

/** @type {Backend | null} */
let begun = null;

/**
 * Lets a part of the device begin, if it is not the one that did last.
 * @param {Backend} backend
 * @param {Networks} networks
 */
async function beginOn(backend, { runtime }) {
  if (begun === backend) return;
  begun = null;
  await backend.begin(runtime);
  begun = backend;
}

/** Returns the parts of a graphics processor. */
const ofGraphics = () => [
  new TensorFlowJs("webgpu", "WebGPU", hasWebGpu),
  new TensorFlowJs("webgl", "WebGL", hasGraphicsProcessor),
];

/** Returns the ways to use the processor, by LiteRT and, for browsers on which that does not run, by TensorFlow.js. */
function ofProcessor() {
  const threads = threadsFor(globalThis.crossOriginIsolated, navigator.hardwareConcurrency);
  const newer = (threads > 1 ? [threads, 1] : [1]).map((one) => new LiteRt(one));
  const older = newer.map((one) => new TensorFlowJs("wasm", `older ${one.label}`, () => true, one.threads));
  return { newer, older };
}

async function hasWebGpu() {
  const { gpu } = /** @type {{ gpu?: { requestAdapter: () => Promise<object | null> } }} */ (navigator);
  return Boolean(await gpu?.requestAdapter());
}

/** Whether WebGL is more than a program that imitates a graphics processor: that takes half a minute to begin. */
async function hasGraphicsProcessor() {
  const pen = new OffscreenCanvas(1, 1).getContext("webgl2");
  const names = pen?.getExtension("WEBGL_debug_renderer_info");
  return (
    Boolean(pen) &&
    !/swiftshader|llvmpipe|software/i.test(names ? pen?.getParameter(names.UNMASKED_RENDERER_WEBGL) : "")
  );
}

/** @param {{ backend: Backend, ms: number }} tried */
const costOf = ({ backend, ms }) => comparedMs(ms, backend.threads);

/**
 * Returns what runs the smaller network best, and how long a run takes; null where nothing of these runs it rightly.
 * @param {Backend[]} backends
 * @param {Networks} networks
 * @param {NetworkSource} smaller
 */
async function bestOf(backends, networks, smaller) {
  let best = null;
  for (const backend of backends) {
    try {
      if (!(await backend.mayDo(networks.runtime, smaller))) continue;
      await beginOn(backend, networks);
      const trial = await tried(backend, smaller);
      trial?.network.engine.close();
      if (!trial) continue;
      const one = { backend, ms: trial.ms };
      if (!best || costOf(one) < costOf(best)) best = one;
    } catch {
      // This part of the device does not do; another one may.
    }
  }
  return best;
}

/**
 * Returns the best of the graphics processor, or of the processor where that is not quick enough for the larger network.
 * @param {Networks} networks
 * @param {NetworkSource} smaller
 */
async function bestBackend(networks, smaller) {
  const graphics = await bestOf(ofGraphics(), networks, smaller);
  if (graphics && largerMayDo(graphics.ms)) return graphics;
  const { newer, older } = ofProcessor();
  const processor = (await bestOf(newer, networks, smaller)) ?? (await bestOf(older, networks, smaller));
  if (!graphics || !processor) return graphics ?? processor;
  return costOf(graphics) <= costOf(processor) ? graphics : processor;
}

/** @param {Networks} networks */
async function chosen(networks) {
  const [smallerFiles, largerFiles] = networks.networks;
  const smaller = new NetworkSource(smallerFiles);
  const best = await bestBackend(networks, smaller);
  if (!best) throw new Error("this browser cannot run the pose network");
  // A network that somebody asked for by its name has no other beside it, and runs at any speed.
  if (largerFiles && !isQuickEnough(best.ms)) throw new Error("this browser is too slow for the pose network");
  await beginOn(best.backend, networks);
  if (largerFiles && largerMayDo(best.ms)) {
    const larger = await tried(best.backend, new NetworkSource(largerFiles));
    if (larger && largerDoes(larger.ms)) return { ...larger, backend: best.backend };
    larger?.network.engine.close();
  }
  const network = await checked(best.backend, smaller);
  if (!network) throw new Error("this browser cannot run the pose network");
  return { ...best, network };
}

/** @type {Network | null} */
let network = null;
/** @type {Follower | null} */
let follower = null;

/** @param {Networks} networks */
async function load(networks) {
  const choice = await chosen(networks);
  network = choice.network;
  const { label } = network.files;
  scope.postMessage({ kind: "loaded", label, backend: choice.backend.label, perS: 1000 / choice.ms });
}

const canvas = new OffscreenCanvas(1, 1);
const pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });

/**
 * @param {ImageBitmap} picture
 * @returns {Pixels}
 */
function pixelsOf(picture) {
  if (!pen) throw new Error("there is no canvas to read a picture with");
  const { width, height } = picture;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  pen.drawImage(picture, 0, 0);
  picture.close();
  return { rgba: pen.getImageData(0, 0, width, height).data, wh: [width, height] };
}

/**
 * @param {ImageBitmap} picture
 * @param {number} takenMs
 */
async function see(picture, takenMs) {
  if (!network || !follower) throw new Error("the network is not loaded");
  const [current, pixels] = [network, pixelsOf(picture)];
  const detection = await follower.follow(takenMs / 1000, pixels.wh, (square) => current.look(pixels, square));
  scope.postMessage({ kind: "pose", takenMs, wh: pixels.wh, detection });
}

scope.onmessage = ({ data }) => {
  /** @param {Error} error */
  const unable = (error) => scope.postMessage({ kind: "unable", reason: error.message });
  if (data.kind === "load") load(data.networks).catch(unable);
  else if (data.kind === "start") follower = new Follower(data.at);
  else see(data.picture, data.takenMs).catch(unable);
};
