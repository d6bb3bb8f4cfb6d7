// @ts-check
// The worker that runs the pose network in the browser: pictures of the camera come in, points go out.

import { Follower } from "./following.js";
import {
  comparedMs,
  inTime,
  isQuickEnough,
  largerDoes,
  largerMayDo,
  measuredMs,
  saysWhatItMust,
  threadsFor,
} from "./network_choice.js";
import { sampledSquare } from "./sampling.js";

/** @import { Point } from "../shared/body.js" */
/** @import { Square } from "./crop.js" */
/** @import { Detection } from "./detection.js" */
/** @import { FromWorker, GraphModel, NetworkFiles, Networks, TensorFlow, ToWorker } from "./network_data.js" */
/** @import { Pixels } from "./sampling.js" */

/**
 * @typedef {object} WorkerScope
 * @property {(...addresses: string[]) => void} importScripts
 * @property {(message: FromWorker) => void} postMessage
 * @property {((event: MessageEvent<ToWorker>) => void) | null} onmessage
 * @property {TensorFlow} tf
 */

const scope = /** @type {WorkerScope} */ (/** @type {unknown} */ (globalThis));

/** One network, loaded. */
class Network {
  /**
   * @param {NetworkFiles} files
   * @param {GraphModel} model
   */
  constructor(files, model) {
    this.files = files;
    this.model = model;
  }

  /**
   * Returns y, x and score of the 17 points, as shares of the square.
   * @param {Int32Array} rgb
   */
  async run(rgb) {
    const { size } = this.files;
    const input = scope.tf.tensor4d(rgb, [1, size, size, 3], "int32");
    const output = this.model.execute(input);
    const said = await output.data();
    input.dispose();
    output.dispose();
    return said;
  }

  /**
   * Returns the pose in a square of a picture.
   * @param {Pixels} picture
   * @param {Square} square
   * @returns {Promise<Detection>}
   */
  async look(picture, square) {
    const said = await this.run(sampledSquare(picture, square, this.files.size));
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

/** @param {string} address */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`a file did not come (${answer.status})`);
  return answer;
}

/**
 * Returns a function that loads a network into the memory of the part of the device that is chosen at that time.
 * @param {NetworkFiles} files
 */
async function fetchedNetwork(files) {
  const [graph, weights, check] = await Promise.all([
    fetched(files.graph).then((answer) => answer.json()),
    fetched(files.weights).then((answer) => answer.arrayBuffer()),
    fetched(files.check).then((answer) => answer.arrayBuffer()),
  ]);
  const [{ weights: weightSpecs }] = graph.weightsManifest;
  const artifacts = {
    modelTopology: graph.modelTopology,
    weightSpecs,
    weightData: weights,
    signature: graph.signature,
  };
  return {
    checkPicture: Int32Array.from(new Uint8Array(check)),
    load: async () => new Network(files, await scope.tf.loadGraphModel({ load: async () => artifacts })),
  };
}

/** @typedef {Awaited<ReturnType<typeof fetchedNetwork>>} Fetched */

/**
 * Returns a network; null where it says of the check picture what it must not.
 * @param {Fetched} fetchedFiles
 */
async function checked({ load, checkPicture }) {
  const network = await load();
  if (saysWhatItMust(await network.run(checkPicture), network.files.expected)) return network;
  network.model.dispose();
  return null;
}

/**
 * Returns a network and how long a run takes; null as above.
 * @param {Fetched} fetchedFiles
 */
async function tried(fetchedFiles) {
  const network = await checked(fetchedFiles);
  const run = async () => network?.run(fetchedFiles.checkPicture);
  return network && { network, ms: await measuredMs(run, () => performance.now()) };
}

/**
 * A part of the device on which TensorFlow.js may run, by the library's name of it and the name of its file.
 * @typedef {object} Backend
 * @property {string} name
 * @property {string} file
 * @property {string} label
 * @property {number} [threads] of WebAssembly
 * @property {() => boolean | Promise<boolean>} mayDo
 */

const THREADS = threadsFor(globalThis.crossOriginIsolated, navigator.hardwareConcurrency);
const WASM = { name: "wasm", file: "tf-backend-wasm.es2017.min.js" };

/** @type {Backend[]} */
const BACKENDS = [
  { name: "webgpu", file: "tf-backend-webgpu.es2017.min.js", label: "WebGPU", mayDo: hasWebGpu },
  { name: "webgl", file: "tf-backend-webgl.es2017.min.js", label: "WebGL", mayDo: hasGraphicsProcessor },
  { ...WASM, threads: THREADS, label: `WebAssembly with ${THREADS} threads`, mayDo: () => THREADS > 1 },
  { ...WASM, threads: 1, label: "WebAssembly", mayDo: () => "WebAssembly" in globalThis },
];

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

/**
 * Makes WebAssembly begin anew the next time, as its threads cannot be changed while it runs.
 * @param {number} threads
 */
function beginsAnewWith(threads) {
  const { tf } = scope;
  const factory = tf.findBackendFactory(WASM.name);
  tf.removeBackend(WASM.name);
  tf.registerBackend(WASM.name, factory);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads > 1);
  tf.wasm.setThreadsCount(threads);
}

/**
 * Lets a part of the device run the networks that are loaded next; those loaded before may be gone then. Rejected where it
 * does not begin.
 * @param {Backend} backend
 * @param {Record<string, string>} runtime
 */
async function begin({ name, file, threads }, runtime) {
  const { tf } = scope;
  if (!tf.findBackendFactory(name)) {
    scope.importScripts(runtime[file]);
    if (threads) tf.wasm.setWasmPaths(runtime);
  }
  if (threads) beginsAnewWith(threads);
  if (!(await inTime(tf.setBackend(name)))) throw new Error("the pose network did not begin");
  await tf.ready();
}

/**
 * Returns what runs the smaller network best, and how long a run takes; null where nothing runs it rightly.
 * @param {Networks} networks
 * @param {Fetched} smaller
 */
async function bestBackend({ runtime }, smaller) {
  let best = null;
  for (const backend of BACKENDS) {
    try {
      if (!(await backend.mayDo())) continue;
      await begin(backend, runtime);
      const trial = await tried(smaller);
      trial?.network.model.dispose();
      if (!trial) continue;
      const ms = comparedMs(trial.ms, backend.threads);
      if (!best || ms < comparedMs(best.ms, best.backend.threads)) best = { backend, ms: trial.ms };
    } catch {
      // This part of the device does not do; another one may.
    }
  }
  return best;
}

/** @param {Networks} networks */
async function chosen(networks) {
  scope.importScripts(networks.runtime["tf-core.es2017.min.js"], networks.runtime["tf-converter.es2017.min.js"]);
  const [smallerFiles, largerFiles] = networks.networks;
  const smaller = await fetchedNetwork(smallerFiles);
  const best = await bestBackend(networks, smaller);
  if (!best) throw new Error("this browser cannot run the pose network");
  // A network that somebody asked for by its name has no other beside it, and runs at any speed.
  if (largerFiles && !isQuickEnough(best.ms)) throw new Error("this browser is too slow for the pose network");
  await begin(best.backend, networks.runtime);
  if (largerFiles && largerMayDo(best.ms)) {
    const larger = await tried(await fetchedNetwork(largerFiles));
    if (larger && largerDoes(larger.ms)) return { ...larger, backend: best.backend };
    larger?.network.model.dispose();
  }
  const network = await checked(smaller);
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
