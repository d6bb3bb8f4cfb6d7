// @ts-check
// What the scripts of all components share. Node.js has no pages: a row of a few lines stands in for an element.

import assert from "node:assert/strict";
import test from "node:test";
import { showOnly } from "../../gaitlab/ui/shared/component.js";

class Row {
  /** @param {string[]} names */
  constructor(names) {
    /** @type {string[]} what was put in or taken out */
    this.told = [];
    this.children = names.map((name) => this.child(name));
  }

  /** @param {string} name */
  child(name) {
    const made = {
      name,
      remove: () => {
        this.told.push(`${name} out`);
        this.children.splice(this.children.indexOf(made), 1);
      },
    };
    return made;
  }

  /** @type {(child: ReturnType<Row["child"]>, before: ReturnType<Row["child"]> | null) => void} */
  insertBefore(child, before) {
    this.told.push(`${child.name} in`);
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, child);
  }
}

test("a row gets the elements in their order, and what stays is not touched", () => {
  const row = new Row(["b", "c", "d"]);
  const [, c, d] = row.children;
  const elements = [row.child("a"), c, row.child("x"), d, row.child("e")];
  showOnly(/** @type {any} */ (row), /** @type {any} */ (elements));
  assert.deepEqual(row.children, elements);
  assert.deepEqual(row.told, ["b out", "a in", "x in", "e in"]);
});
