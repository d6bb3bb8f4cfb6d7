// @ts-check
// LiteRT in WebAssembly: it runs the server's own TensorFlow Lite files, and takes two thirds of the time that TensorFlow.js
// takes on the same processor.

import { inTime } from "./network_choice.js";

/** @import { Engine, LiteRtLibrary, LiteRtModel } from "./network_data.js" */
/** @import { NetworkSource } from "./network_source.js" */

const LIBRARY = "litert.js";
const ONE_THREAD = "litert_wasm_internal";
const SEVERAL_THREADS = "litert_wasm_threaded_internal";
const ARRAYS = { uint8: Uint8Array, int32: Int32Array, float32: Float32Array };

/** @implements {Engine} */
class LiteRtEngine {
  /**
   * @param {LiteRtLibrary} library
   * @param {LiteRtModel} model
   */
  constructor(library, model) {
    this.library = library;
    this.model = model;
    this.input = model.getInputDetails()[0];
  }

  /** @param {Int32Array} rgb */
  async run(rgb) {
    const input = new this.library.Tensor(new ARRAYS[this.input.dtype](rgb), [...this.input.shape]);
    const outputs = await this.model.run(input);
    const said = Float32Array.from(outputs[0].toTypedArray());
    for (const tensor of [input, ...outputs]) tensor.delete();
    return said;
  }

  close() {
    this.model.delete();
  }
}

/** WebAssembly by LiteRT. */
export class LiteRt {
  /** @param {number} threads */
  constructor(threads) {
    this.threads = threads;
    this.label = threads > 1 ? `WebAssembly with ${threads} threads` : "WebAssembly";
    /** @type {LiteRtLibrary | null} */
    this.library = null;
  }

  /**
   * Returns whether WebAssembly knows the instructions here that the library is made of, and the network's file is there.
   * @param {Record<string, string>} runtime
   * @param {NetworkSource} source
   */
  async mayDo(runtime, source) {
    if (!source.files.tflite) return false;
    /** @type {LiteRtLibrary} */
    const library = await import(runtime[LIBRARY]);
    return library.supportsFeature("relaxedSimd");
  }

  /**
   * Begins anew, as the number of threads cannot be changed while it runs; networks loaded before are gone then.
   * @param {Record<string, string>} runtime
   */
  async begin(runtime) {
    /** @type {LiteRtLibrary} */
    const library = await import(runtime[LIBRARY]);
    library.unloadLiteRt();
    const name = this.threads > 1 ? SEVERAL_THREADS : ONE_THREAD;
    const script = runtime[`${name}.js`];
    await fetch(runtime[`${name}.wasm`]); // into the browser's cache: that may take long
    /** @type {{ Module?: object }} */ (globalThis).Module = {
      locateFile: (/** @type {string} */ file) => runtime[file],
      mainScriptUrlOrBlob: script,
      printErr: () => {}, // it notes there what it does; faults are thrown
    };
    // An address that does not end like a script's is taken for a folder's.
    await inTime(library.loadLiteRt(`${script}#.js`));
    this.library = library;
  }

  /**
   * @param {NetworkSource} source
   * @returns {Promise<Engine>}
   */
  async load(source) {
    if (!this.library) throw new Error("LiteRT has not begun");
    const options = { accelerator: "wasm", cpuOptions: { numThreads: this.threads } };
    return new LiteRtEngine(this.library, await this.library.loadAndCompile(await source.tflite(), options));
  }
}
