// @ts-check
// Videos go to the server one after another, straight to its disk; the page is told the id of each that has arrived.

import { part } from "../shared/component.js";
import { Uploads } from "./uploads.js";

/** @import { Component } from "../shared/component.js" */
/** @import { BoxData, Fate, Item } from "./uploads.js" */

/** @type {WeakMap<ParentNode, UploadBox>} */
const boxes = new WeakMap();
/** @type {Uploads | undefined} */
let uploads;

/** @param {Component<BoxData>} component */
export default function (component) {
  const { parentElement } = component;
  const all = uploadsOfTab();
  let box = boxes.get(parentElement);
  if (!box) {
    box = new UploadBox(part(parentElement, ".upload", HTMLElement), all, component);
    boxes.set(parentElement, box);
  }
  box.update(component);
  return () => {
    const gone = boxes.get(parentElement);
    boxes.delete(parentElement);
    if (gone) all.hide(gone);
  };
}

/** Returns the uploads of this tab; from the first time on, they know when the user leaves for another page. */
function uploadsOfTab() {
  if (uploads) return uploads;
  const made = new Uploads(transfer);
  /** @type {(event: Event) => boolean} */
  const onLink = (event) => event.composedPath().some((one) => one instanceof HTMLAnchorElement && !one.target);
  // Before the page itself hears of it.
  document.addEventListener("click", (event) => onLink(event) && made.leave(), { capture: true });
  window.addEventListener("popstate", () => made.leave(), { capture: true });
  uploads = made;
  return made;
}

class UploadBox {
  /**
   * @param {HTMLElement} root
   * @param {Uploads} uploads
   * @param {Component<BoxData>} component
   */
  constructor(root, uploads, { setStateValue, setTriggerValue }) {
    this.root = root;
    this.uploads = uploads;
    this.tell = setStateValue;
    this.ask = setTriggerValue;
    this.zone = part(root, ".zone", HTMLElement);
    this.input = part(root, "input", HTMLInputElement);
    this.list = part(root, ".under-way", HTMLElement);
    /** @type {Map<Item, HTMLLIElement>} */
    this.rows = new Map();
    this.input.addEventListener("change", () => {
      uploads.take(this.input.files);
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
      uploads.take(event.dataTransfer?.files);
    });
  }

  /** @param {Component<BoxData>} component */
  update({ data, setStateValue, setTriggerValue }) {
    this.tell = setStateValue;
    this.ask = setTriggerValue;
    this.input.accept = data.accept;
    this.zone.classList.toggle("has-clips", data.held.length > 0);
    const limit = part(this.root, ".limit", HTMLElement);
    limit.textContent = `up to ${data.limit_mb} MB each; they stay on this computer`;
    this.uploads.show(this, data);
  }

  /** @param {readonly Item[]} items */
  draw(items) {
    for (const [item, row] of this.rows) {
      if (items.includes(item)) continue;
      row.remove();
      this.rows.delete(item);
    }
    for (const item of items) {
      const row = this.rows.get(item) ?? this.row(item);
      const progress = row.querySelector("progress");
      if (progress) progress.value = item.share;
      if (progress && item.failed) this.fail(row, item.failed);
    }
  }

  /** @param {Item} item */
  row(item) {
    const { name } = item.file;
    const row = document.createElement("li");
    const words = Object.assign(document.createElement("span"), { className: "name", textContent: name });
    const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    progress.setAttribute("aria-label", `${name}: share uploaded`);
    const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
    cancel.setAttribute("aria-label", `Cancel the upload of ${name}`);
    cancel.addEventListener("click", () => this.uploads.cancel(item));
    row.append(words, progress, cancel);
    this.list.append(row);
    this.rows.set(item, row);
    return row;
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
}

/**
 * Sends a video to the server.
 * @param {File} file
 * @param {BoxData} data
 * @param {Fate} fate
 */
function transfer(file, data, fate) {
  const request = new XMLHttpRequest();
  request.open("POST", `${data.url}?${new URLSearchParams({ hold: "1", name: file.name })}`);
  request.setRequestHeader(data.token_header, data.token);
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) fate.moved(event.loaded / event.total);
  });
  request.addEventListener("load", () => {
    if (request.status === 200 && request.response?.held) fate.held(request.response.held);
    else if (request.status === 429) fate.busy();
    else fate.failed(request.response?.error ?? "the server did not take it; try again.");
  });
  request.addEventListener("error", () => fate.failed("the connection to the server broke; try again."));
  request.send(file);
  return () => request.abort();
}
