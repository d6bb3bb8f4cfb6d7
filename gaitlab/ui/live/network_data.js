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

/** @typedef {{ data: () => Promise<Float32Array>, dispose: () => void }} Tensor */
/** @typedef {{ execute: (input: Tensor) => Tensor, dispose: () => void }} GraphModel */

/**
 * @typedef {object} TensorFlow
 * @property {(name: string) => Promise<boolean>} setBackend
 * @property {() => Promise<void>} ready
 * @property {(values: Int32Array, shape: number[], dtype: "int32") => Tensor} tensor4d
 * @property {(handler: { load: () => Promise<object> }) => Promise<GraphModel>} loadGraphModel
 * @property {() => { set: (flag: string, value: boolean) => void }} env
 * @property {(name: string) => object | null} findBackendFactory
 * @property {(name: string) => void} removeBackend
 * @property {(name: string, factory: object | null) => boolean} registerBackend
 * @property {{ setWasmPaths: (paths: Record<string, string>) => void, setThreadsCount: (count: number) => void }} wasm
 */

export {};
