// @ts-check
// Videos go to the server one after another, straight to its disk; the page is told the id of each that has arrived.

import { part } from "../shared/component.js";

/** @import { Component, Tell } from "../shared/component.js" */

/**
 * The dictionary of `upload_box` in upload_box.py.
 * @typedef {object} BoxData
 * @property {string} url
 * @property {string} token_header
 * @property {string} token
 * @property {number} token_ms
 * @property {number} limit_mb
 * @property {string} accept
 * @property {string[]} held the ids of the clips that the page knows
 */

/** @typedef {{ file: File, row: HTMLLIElement }} Waiting */
/** @typedef {{ files: File[], arrived: string[] }} HandedOver */

const RENEW_BEFORE_MS = 20000;

/** @type {WeakMap<ParentNode, UploadBox>} */
const boxes = new WeakMap();
/** @type {UploadBox | null} */
let current = null;
/**
 * Another page, or this page drawn anew, may take the box away while clips are on their way: the next box goes on.
 * @type {HandedOver}
 */
const left = { files: [], arrived: [] };

/** @param {Component<BoxData>} component */
export default function (component) {
  const { parentElement, data } = component;
  const box = boxes.get(parentElement) ?? new UploadBox(part(parentElement, ".upload", HTMLElement), component);
  boxes.set(parentElement, box);
  box.update(data, component);
  current = box;
  box.takeOver(left);
  return () => {
    boxes.delete(parentElement);
    left.files.push(...box.close());
    left.arrived.push(...box.arrived);
    if (current === box) current = null;
    current?.takeOver(left);
  };
}

/**
 * Returns why a file cannot be uploaded, or null.
 * @param {number} bytes
 * @param {number} limit_mb
 */
export function refusal(bytes, limit_mb) {
  if (!bytes) return "the file is empty; record or choose it again";
  if (bytes > limit_mb * 1024 * 1024) return `larger than ${limit_mb} MB; cut it or film shorter`;
  return null;
}

class UploadBox {
  /**
   * @param {HTMLElement} root
   * @param {Component<BoxData>} component
   */
  constructor(root, { data, setStateValue, setTriggerValue }) {
    this.root = root;
    this.data = data;
    this.tell = setStateValue;
    this.ask = setTriggerValue;
    this.tokenUntil = performance.now() + data.token_ms;
    this.zone = part(root, ".zone", HTMLElement);
    this.input = part(root, "input", HTMLInputElement);
    this.list = part(root, ".under-way", HTMLElement);
    /** @type {Waiting[]} */
    this.waiting = [];
    /**
     * The ids that the page does not know yet.
     * @type {string[]}
     */
    this.arrived = [];
    /** @type {(Waiting & { request: XMLHttpRequest }) | null} */
    this.underWay = null;
    this.askedForToken = false;
    this.input.addEventListener("change", () => {
      this.take(this.input.files);
      this.input.value = "";
    });
    /** @type {(event: DragEvent, is: boolean) => void} */
    const over = (event, is) => {
      event.preventDefault();
      this.zone.classList.toggle("over", is);
    };
    this.zone.addEventListener("dragenter", (event) => over(event, true));
    this.zone.addEventListener("dragover", (event) => over(event, true));
    this.zone.addEventListener("dragleave", (event) => over(event, false));
    this.zone.addEventListener("drop", (event) => {
      over(event, false);
      this.take(event.dataTransfer?.files);
    });
  }

  /**
   * Goes on with what another box left, and empties it.
   * @param {HandedOver} from
   */
  takeOver(from) {
    const arrived = from.arrived.splice(0).filter((id) => !this.data.held.includes(id));
    this.arrived.push(...arrived);
    if (arrived.length) this.tell("arrived", [...this.arrived]);
    this.take(from.files.splice(0));
  }

  /** Stops, and returns the files that have not arrived. */
  close() {
    const files = this.waiting.map((one) => one.file);
    if (this.underWay) files.unshift(this.underWay.file);
    this.waiting = [];
    this.underWay?.request.abort();
    return files;
  }

  /**
   * @param {BoxData} data
   * @param {{ setStateValue: Tell, setTriggerValue: Tell }} component
   */
  update(data, { setStateValue, setTriggerValue }) {
    this.tell = setStateValue;
    this.ask = setTriggerValue;
    if (data.token !== this.data.token) {
      this.tokenUntil = performance.now() + data.token_ms;
      this.askedForToken = false;
    }
    this.data = data;
    this.input.accept = data.accept;
    this.arrived = this.arrived.filter((id) => !data.held.includes(id));
    this.zone.classList.toggle("has-clips", data.held.length > 0);
    const limit = part(this.root, ".limit", HTMLElement);
    limit.textContent = `up to ${data.limit_mb} MB each; they stay on this computer`;
    this.next();
  }

  /** @param {Iterable<File> | null | undefined} files */
  take(files) {
    for (const file of files ?? []) {
      const row = this.row(file);
      const why = refusal(file.size, this.data.limit_mb);
      if (why) this.fail(row, why);
      else this.waiting.push({ file, row });
    }
    this.next();
  }

  /** @param {File} file */
  row(file) {
    const row = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
    const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    progress.setAttribute("aria-label", `${file.name}: share uploaded`);
    const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
    cancel.setAttribute("aria-label", `Cancel the upload of ${file.name}`);
    cancel.addEventListener("click", () => this.cancel(row));
    row.append(name, progress, cancel);
    this.list.append(row);
    return row;
  }

  /** @param {HTMLLIElement} row */
  cancel(row) {
    this.waiting = this.waiting.filter((one) => one.row !== row);
    if (this.underWay?.row === row) this.underWay.request.abort();
    row.remove();
  }

  /**
   * @param {HTMLLIElement} row
   * @param {string} sentence
   */
  fail(row, sentence) {
    row.querySelector("progress")?.remove();
    part(row, "button", HTMLButtonElement).textContent = "Dismiss";
    const words = document.createElement("span");
    words.className = "failed";
    words.textContent = `Not uploaded: ${sentence}`;
    words.setAttribute("role", "alert");
    row.append(words);
  }

  next() {
    if (this.underWay || !this.waiting.length) return;
    if (performance.now() > this.tokenUntil - RENEW_BEFORE_MS) {
      if (!this.askedForToken) this.ask("renew", Date.now());
      this.askedForToken = true;
      return;
    }
    const next = this.waiting.shift();
    if (next) this.send(next);
  }

  /** @param {Waiting} waiting */
  send({ file, row }) {
    const request = new XMLHttpRequest();
    this.underWay = { file, row, request };
    request.open("POST", `${this.data.url}?${new URLSearchParams({ hold: "1", name: file.name })}`);
    request.setRequestHeader(this.data.token_header, this.data.token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) part(row, "progress", HTMLProgressElement).value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      if (request.status === 200 && request.response?.held) {
        row.remove();
        this.arrived.push(request.response.held);
        this.tell("arrived", [...this.arrived]);
      } else {
        this.fail(row, request.response?.error ?? "the server did not take it; try again.");
      }
    });
    request.addEventListener("error", () => this.fail(row, "the connection to the server broke; try again."));
    request.addEventListener("loadend", () => {
      this.underWay = null;
      this.next();
    });
    request.send(file);
  }
}
