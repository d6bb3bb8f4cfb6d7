// @ts-check
// TensorFlow.js: graphics processors by WebGPU and WebGL, and WebAssembly where LiteRT does not run.

import { inTime } from "./network_choice.js";

/** @import { Engine, GraphModel, TensorFlow } from "./network_data.js" */
/** @import { NetworkSource } from "./network_source.js" */

const WASM = "wasm";

/** @type {{ importScripts: (...addresses: string[]) => void, tf: TensorFlow }} after the scripts that bring it */
const library = /** @type {any} */ (globalThis);

/** @implements {Engine} */
class TensorFlowEngine {
  /**
   * @param {GraphModel} model
   * @param {number} size
   */
  constructor(model, size) {
    this.model = model;
    this.size = size;
  }

  /** @param {Int32Array} rgb */
  async run(rgb) {
    const input = library.tf.tensor4d(rgb, [1, this.size, this.size, 3], "int32");
    const output = this.model.execute(input);
    const said = await output.data();
    input.dispose();
    output.dispose();
    return said;
  }

  close() {
    this.model.dispose();
  }
}

/**
 * Makes WebAssembly begin anew the next time, as its threads cannot be changed while it runs.
 * @param {number} threads
 */
function beginsAnewWith(threads) {
  const { tf } = library;
  const factory = tf.findBackendFactory(WASM);
  tf.removeBackend(WASM);
  tf.registerBackend(WASM, factory);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads > 1);
  tf.wasm.setThreadsCount(threads);
}

/** A part of the device on which TensorFlow.js runs. */
export class TensorFlowJs {
  /**
   * @param {string} name the library's
   * @param {string} label
   * @param {() => boolean | Promise<boolean>} mayDo
   * @param {number} threads of WebAssembly
   */
  constructor(name, label, mayDo, threads = 1) {
    this.name = name;
    this.label = label;
    this.mayDo = mayDo;
    this.threads = threads;
  }

  /**
   * Lets this part run the networks that are loaded next; those loaded before may be gone then. Rejected where it does not
   * begin.
   * @param {Record<string, string>} runtime
   */
  async begin(runtime) {
    if (!("tf" in globalThis)) {
      library.importScripts(runtime["tf-core.es2017.min.js"], runtime["tf-converter.es2017.min.js"]);
      library.tf.enableProdMode();
    }
    const { tf } = library;
    if (!tf.findBackendFactory(this.name)) {
      library.importScripts(runtime[`tf-backend-${this.name}.es2017.min.js`]);
      if (this.name === WASM) tf.wasm.setWasmPaths(runtime);
    }
    if (this.name === WASM) beginsAnewWith(this.threads);
    if (!(await inTime(tf.setBackend(this.name)))) throw new Error("the pose network did not begin");
    await tf.ready();
  }

  /**
   * @param {NetworkSource} source
   * @returns {Promise<Engine>}
   */
  async load(source) {
    const artifacts = await source.graph();
    return new TensorFlowEngine(await library.tf.loadGraphModel({ load: async () => artifacts }), source.files.size);
  }
}
