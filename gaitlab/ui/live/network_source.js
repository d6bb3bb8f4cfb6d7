// @ts-check
// The files of one network, each fetched when something asks for it, and once.

/** @import { NetworkFiles } from "./network_data.js" */

/** @param {string} address */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`a file did not come (${answer.status})`);
  return answer;
}

export class NetworkSource {
  /** @param {NetworkFiles} files */
  constructor(files) {
    this.files = files;
    /** @type {Map<string, Promise<ArrayBuffer>>} */
    this.came = new Map();
  }

  /** @param {string} address */
  bytes(address) {
    const came = this.came.get(address) ?? fetched(address).then((answer) => answer.arrayBuffer());
    this.came.set(address, came);
    return came;
  }

  /** Returns the picture of which it is known what the network must say, as RGB. */
  async checkPicture() {
    return Int32Array.from(new Uint8Array(await this.bytes(this.files.check)));
  }

  /** Returns what TensorFlow.js makes a network of. */
  async graph() {
    const [text, weightData] = await Promise.all([this.bytes(this.files.graph), this.bytes(this.files.weights)]);
    const { modelTopology, weightsManifest, signature } = JSON.parse(new TextDecoder().decode(text));
    return { modelTopology, weightSpecs: weightsManifest[0].weights, weightData, signature };
  }

  /** Returns the network as TensorFlow Lite has it. */
  async tflite() {
    if (!this.files.tflite) throw new Error("there is no such file");
    return new Uint8Array(await this.bytes(this.files.tflite));
  }
}
