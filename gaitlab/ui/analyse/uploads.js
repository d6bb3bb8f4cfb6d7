// @ts-check
// The videos that a browser tab was given: they outlive the box on the page, which may go and come while they travel.

/** @import { Tell } from "../shared/component.js" */

/**
 * The dictionary of `upload_box` in upload_box.py.
 * @typedef {object} BoxData
 * @property {string} url
 * @property {string} token_header
 * @property {string} token
 * @property {number} token_ms
 * @property {number} limit_mb
 * @property {string} accept
 * @property {string[]} held ids of the clips that the page has taken in
 */

/**
 * A video on its way; `failed` says why it will not arrive.
 * @typedef {{ file: File, share: number, failed: string }} Item
 */

/**
 * What becomes of a transfer: it ends with one of `held`, `failed` and `busy`, unless it was stopped.
 * @typedef {object} Fate
 * @property {(share: number) => void} moved
 * @property {(id: string) => void} held
 * @property {(why: string) => void} failed
 * @property {() => void} busy
 */

/** @typedef {(file: File, data: BoxData, fate: Fate) => () => void} Transfer begins one and returns what stops it */

/**
 * The box on the page.
 * @typedef {object} View
 * @property {(items: readonly Item[]) => void} draw
 * @property {Tell} tell
 * @property {Tell} ask
 */

const RENEW_BEFORE_MS = 20000;
const TRY_AGAIN_MS = 1000;
// Longest wait for a page that was left to go; it is still there after a press on the link to itself.
const LEAVES_WITHIN_MS = 10000;

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

/** Sends videos one after another, and tells the page of those that arrived until it has taken them in. */
export class Uploads {
  /** @param {Transfer} transfer */
  constructor(transfer) {
    this.transfer = transfer;
    /** @type {Item[]} */
    this.items = [];
    /** @type {string[]} */
    this.arrived = [];
    /** @type {View | null} */
    this.view = null;
    /** @type {BoxData | null} */
    this.data = null;
    /** @type {{ item: Item, stop: () => void } | null} */
    this.underWay = null;
    this.tokenUntil = 0;
    this.askedForToken = false;
    this.pauseUntil = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.leaving = undefined;
  }

  /**
   * Takes the box on the page, or the same box after the page has run again.
   * @param {View} view
   * @param {BoxData} data
   */
  show(view, data) {
    if (data.token !== this.data?.token) {
      this.tokenUntil = performance.now() + data.token_ms;
      this.askedForToken = false;
    }
    this.data = data;
    this.arrived = this.arrived.filter((id) => !data.held.includes(id));
    const isNew = view !== this.view;
    this.view = view;
    if (isNew) {
      this.stay();
      this.draw();
      this.tell();
    }
    this.next();
  }

  /**
   * The box has gone. What the user has read goes with it, what is on its way goes on.
   * @param {View} view
   */
  hide(view) {
    if (view !== this.view) return; // another box came before this one went
    this.view = null;
    this.stay();
    this.items = this.items.filter((item) => !item.failed);
  }

  /**
   * The user goes to another page. To tell the page something now would call it back: what a script tells is sent with
   * the page that the browser still shows, and the server then forgets the one that was asked for.
   */
  leave() {
    this.stay();
    this.leaving = setTimeout(() => {
      this.stay();
      this.tell();
      this.next();
    }, LEAVES_WITHIN_MS);
  }

  stay() {
    clearTimeout(this.leaving);
    this.leaving = undefined;
  }

  tell() {
    if (this.arrived.length && this.leaving === undefined) this.view?.tell("arrived", [...this.arrived]);
  }

  draw() {
    this.view?.draw(this.items);
  }

  /** @param {Iterable<File> | null | undefined} files */
  take(files) {
    for (const file of files ?? []) {
      const failed = refusal(file.size, this.data?.limit_mb ?? Number.POSITIVE_INFINITY) ?? "";
      this.items.push({ file, share: 0, failed });
    }
    this.draw();
    this.next();
  }

  /** @param {Item} item */
  cancel(item) {
    this.items = this.items.filter((one) => one !== item);
    if (this.underWay?.item === item) {
      this.underWay.stop();
      this.underWay = null;
    }
    this.draw();
    this.next();
  }

  next() {
    const item = this.items.find((one) => !one.failed);
    const now = performance.now();
    if (this.underWay || !item || !this.data || now < this.pauseUntil) return;
    if (now > this.tokenUntil - RENEW_BEFORE_MS) {
      if (this.askedForToken || !this.view || this.leaving !== undefined) return;
      this.askedForToken = true;
      this.view.ask("renew", Date.now());
      return;
    }
    this.send(item, this.data);
  }

  /**
   * @param {Item} item
   * @param {BoxData} data
   */
  send(item, data) {
    const mine = { item, stop: () => {} };
    this.underWay = mine;
    /** @type {(then: () => void) => void} */
    const over = (then) => {
      if (this.underWay !== mine) return; // it was cancelled
      this.underWay = null;
      then();
      this.draw();
      this.next();
    };
    mine.stop = this.transfer(item.file, data, {
      moved: (share) => {
        item.share = share;
        this.draw();
      },
      held: (id) =>
        over(() => {
          this.items = this.items.filter((one) => one !== item);
          this.arrived.push(id);
          this.tell();
        }),
      failed: (why) =>
        over(() => {
          item.failed = why;
        }),
      busy: () =>
        over(() => {
          item.share = 0;
          this.pauseUntil = performance.now() + TRY_AGAIN_MS;
          setTimeout(() => {
            this.pauseUntil = 0;
            this.next();
          }, TRY_AGAIN_MS);
        }),
    });
  }
}
