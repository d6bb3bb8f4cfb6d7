// Videos go to the server one after another, straight to its disk; the page is told the id of each that has arrived.

const RENEW_BEFORE_MS = 20_000;

// A page that is drawn anew may take the box away and put another one in its place while clips are on their way.
const HANDED_OVER_WITHIN_MS = 2_000;

const boxes = new WeakMap();
let left = null;

export default function (component) {
  const { parentElement, data } = component;
  let box = boxes.get(parentElement);
  if (!box) {
    box = new UploadBox(parentElement.querySelector(".upload"));
    boxes.set(parentElement, box);
  }
  box.update(data, component);
  if (left) {
    box.arrived.push(...left.arrived);
    box.take(left.files);
    left = null;
  }
  return () => {
    boxes.delete(parentElement);
    const files = box.close();
    if (!files.length) return;
    const mine = { files, arrived: box.arrived };
    left = mine;
    setTimeout(() => { if (left === mine) left = null; }, HANDED_OVER_WITHIN_MS);
  };
}

class UploadBox {
  constructor(root) {
    this.root = root;
    this.zone = root.querySelector(".zone");
    this.input = root.querySelector("input");
    this.list = root.querySelector(".under-way");
    this.waiting = [];
    this.arrived = [];
    this.request = null;
    this.askedForToken = false;
    this.input.addEventListener("change", () => { this.take(this.input.files); this.input.value = ""; });
    const over = (event, is) => { event.preventDefault(); this.zone.classList.toggle("over", is); };
    this.zone.addEventListener("dragenter", (event) => over(event, true));
    this.zone.addEventListener("dragover", (event) => over(event, true));
    this.zone.addEventListener("dragleave", (event) => over(event, false));
    this.zone.addEventListener("drop", (event) => { over(event, false); this.take(event.dataTransfer.files); });
  }

  /** Stops, and returns the files that have not arrived. */
  close() {
    const files = this.waiting.map((one) => one.file);
    if (this.request) files.unshift(this.request.file);
    this.waiting = [];
    this.request?.abort();
    return files;
  }

  update(data, { setStateValue, setTriggerValue }) {
    this.tell = setStateValue;
    this.ask = setTriggerValue;
    if (data.token !== this.data?.token) {
      this.tokenUntil = performance.now() + data.token_ms;
      this.askedForToken = false;
    }
    this.data = data;
    this.input.accept = data.accept;
    this.zone.classList.toggle("has-clips", data.has_clips);
    this.root.querySelector(".limit").textContent = `up to ${data.limit_mb} MB each; they stay on this computer`;
    this.next();
  }

  take(files) {
    for (const file of files) {
      const row = this.row(file);
      if (!file.size) this.fail(row, "the file is empty; record or choose it again");
      else if (file.size > this.data.limit_mb * 1024 * 1024) this.fail(row, `larger than ${this.data.limit_mb} MB; cut it or film shorter`);
      else this.waiting.push({ file, row });
    }
    this.next();
  }

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

  cancel(row) {
    this.waiting = this.waiting.filter((one) => one.row !== row);
    if (this.request?.row === row) this.request.abort();
    row.remove();
  }

  fail(row, sentence) {
    row.querySelector("progress")?.remove();
    row.querySelector("button").textContent = "Dismiss";
    const words = Object.assign(document.createElement("span"), { className: "failed", textContent: `Not uploaded: ${sentence}` });
    words.setAttribute("role", "alert");
    row.append(words);
  }

  next() {
    if (this.request || !this.waiting.length || !this.data) return;
    if (performance.now() > this.tokenUntil - RENEW_BEFORE_MS) {
      if (!this.askedForToken) this.ask("renew", Date.now());
      this.askedForToken = true;
      return;
    }
    this.send(this.waiting.shift());
  }

  send({ file, row }) {
    const request = new XMLHttpRequest();
    this.request = request;
    request.row = row;
    request.file = file;
    request.open("POST", `${this.data.url}?${new URLSearchParams({ hold: "1", name: file.name })}`);
    request.setRequestHeader(this.data.token_header, this.data.token);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.querySelector("progress").value = event.loaded / event.total;
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
    request.addEventListener("loadend", () => { this.request = null; this.next(); });
    request.send(file);
  }
}
