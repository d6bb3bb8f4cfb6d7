// @ts-check
// What the page (networks.py), the Live page's script and the worker with the network send one another, and what is used
// of TensorFlow.js, as types only: no script loads this file.

/** @import { Point } from "../shared/body.js" */
/** @import { Detection } from "./detection.js" */

/**
 * A network: addresses of its files and of a picture of `size` x `size` RGB bytes, and what it must say of that.
 * @typedef {object} NetworkFiles
 * @property {string} name
 * @property {string} label
 * @property {number} size
 * @property {string | null} tflite of the server's own file; null where the server has none
 * @property {string} graph
 * @property {string} weights
 * @property {string} check
 * @property {number[]} expected
 */

/**
 * @typedef {object} Networks
 * @property {string} worker
 * @property {Record<string, string>} runtime addresses by the names of the files
 * @property {NetworkFiles[]} networks the quickest first
 */

/** @typedef {{ kind: "load", networks: Networks } | { kind: "start", at: Point | null }
 *   | { kind: "frame", picture: ImageBitmap, takenMs: number }} ToWorker */

/**
 * @typedef {object} Posed
 * @property {number} takenMs
 * @property {Point} wh
 * @property {Detection | null} detection
 */

/** @typedef {{ kind: "loaded", label: string, backend: string, perS: number } | { kind: "unable", reason: string }
 *   | { kind: "pose" } & Posed} FromWorker */

/**
 * What runs one network.
 * @typedef {object} Engine
 * @property {(rgb: Int32Array) => Promise<Float32Array>} run y, x and score of the 17 points, as shares of the square
 * @property {() => void} close
 */

/** @typedef {{ toTypedArray: () => Float32Array, delete: () => void }} LiteRtTensor */

/**
 * @typedef {object} LiteRtModel
 * @property {() => { dtype: "uint8" | "int32" | "float32", shape: Iterable<number> }[]} getInputDetails
 * @property {(input: LiteRtTensor) => Promise<LiteRtTensor[]>} run
 * @property {() => void} delete
 */

/**
 * What is used of LiteRT.
 * @typedef {object} LiteRtLibrary
 * @property {(name: string) => Promise<boolean>} supportsFeature
 * @property {(script: string) => Promise<unknown>} loadLiteRt
 * @property {() => void} unloadLiteRt
 * @property {(file: Uint8Array, options: object) => Promise<LiteRtModel>} loadAndCompile
 * @property {new (values: Uint8Array | Int32Array | Float32Array, shape: number[]) => LiteRtTensor} Tensor
 */

/** @typedef {{ data: () => Promise<Float32Array>, dispose: () => void }} Tensor */
/** @typedef {{ execute: (input: Tensor) => Tensor, dispose: () => void }} GraphModel */

/**
 * @typedef {object} TensorFlow
 * @property {(name: string) => Promise<boolean>} setBackend
 * @property {() => Promise<void>} ready
 * @property {() => void} enableProdMode
 * @property {(values: Int32Array, shape: number[], dtype: "int32") => Tensor} tensor4d
 * @property {(handler: { load: () => Promise<object> }) => Promise<GraphModel>} loadGraphModel
 * @property {() => { set: (flag: string, value: boolean) => void }} env
 * @property {(name: string) => object | null} findBackendFactory
 * @property {(name: string) => void} removeBackend
 * @property {(name: string, factory: object | null) => boolean} registerBackend
 * @property {{ setWasmPaths: (paths: Record<string, string>) => void, setThreadsCount: (count: number) => void }} wasm
 */

export {};
