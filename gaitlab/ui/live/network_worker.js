// @ts-check
// The worker that runs the pose network in the browser: pictures of the camera come in, points go out.

import { Follower } from "./following.js";
import { isQuickEnough, largerDoes, largerMayDo, measuredMs, saysWhatItMust } from "./network_choice.js";
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
 * Returns a network and how long a run takes; null where it says of the check picture what it must not.
 * @param {Fetched} fetchedFiles
 */
async function tried({ load, checkPicture }) {
  const network = await load();
  if (saysWhatItMust(await network.run(checkPicture), network.files.expected))
    return {
      network,
      ms: await measuredMs(
        () => network.run(checkPicture),
        () => performance.now(),
      ),
    };
  network.model.dispose();
  return null;
}

/** Parts of the device on which TensorFlow.js may run, by the names of the library's files. */
const BACKENDS = [
  { name: "webgpu", label: "WebGPU", file: "tf-backend-webgpu.es2017.min.js", mayDo: hasWebGpu },
  { name: "webgl", label: "WebGL", file: "tf-backend-webgl.es2017.min.js", mayDo: hasGraphicsProcessor },
  {
    name: "wasm",
    label: "WebAssembly",
    file: "tf-backend-wasm.es2017.min.js",
    mayDo: () => "WebAssembly" in globalThis,
  },
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
 * Threads of WebAssembly need a page that is cut off from all others, which Streamlit's is not.
 * @param {Record<string, string>} runtime
 */
function withoutThreads(runtime) {
  const simd = runtime["tfjs-backend-wasm-simd.wasm"];
  scope.tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  scope.tf.wasm.setWasmPaths({
    "tfjs-backend-wasm.wasm": runtime["tfjs-backend-wasm.wasm"],
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": simd, // has to be named, and is never loaded
  });
}

/**
 * Returns what runs the smaller network quickest, or null where nothing runs it rightly.
 * @param {Networks} networks
 * @param {Fetched} smaller
 */
async function quickestBackend({ runtime }, smaller) {
  let best = null;
  for (const backend of BACKENDS) {
    try {
      if (!(await backend.mayDo())) continue;
      scope.importScripts(runtime[backend.file]);
      if (backend.name === "wasm") withoutThreads(runtime);
      if (!(await scope.tf.setBackend(backend.name))) continue;
      await scope.tf.ready();
      const trial = await tried(smaller);
      if (trial && (!best || trial.ms < best.ms)) best = { ...trial, backend };
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
  const smaller = await quickestBackend(networks, await fetchedNetwork(smallerFiles));
  if (!smaller) throw new Error("this browser cannot run the pose network");
  if (!largerFiles) {
    await scope.tf.setBackend(smaller.backend.name);
    return smaller; // somebody asked for it by its name: at any speed
  }
  if (!isQuickEnough(smaller.ms)) throw new Error("this browser is too slow for the pose network");
  await scope.tf.setBackend(smaller.backend.name);
  if (!largerMayDo(smaller.ms)) return smaller;
  const larger = await tried(await fetchedNetwork(largerFiles));
  return larger && largerDoes(larger.ms) ? { ...larger, backend: smaller.backend } : smaller;
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
