// @ts-check
// The library of tsconfig.json keeps newer methods out, but says nothing of newer syntax such as `??=` or `1_000`. So
// TypeScript writes the scripts out for ES2020 and as they are: what had to be rewritten is newer.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SCRIPTS = join(ROOT, "gaitlab", "ui");

/**
 * Returns the names of the scripts in a folder, and how many of them were written for newer browsers.
 * @param {string} folder
 */
function scriptsAndNewer(folder) {
  const out = mkdtempSync(join(tmpdir(), "gaitlab-"));
  try {
    const all = readdirSync(folder, { recursive: true, encoding: "utf-8" });
    const scripts = all.filter((name) => name.endsWith(".js"));
    const sources = scripts.map((name) => join(folder, name));
    const written = ["ES2020", "ESNext"].map((target) => {
      const to = join(out, target);
      const options = ["--allowJs", "--noCheck", "--module", "ESNext", "--target", target, "--rootDir", folder];
      execFileSync(join(ROOT, "node_modules", ".bin", "tsc"), [
        "--ignoreConfig",
        ...options,
        "--outDir",
        to,
        ...sources,
      ]);
      return scripts.map((name) => readFileSync(join(to, name), "utf-8"));
    });
    return { scripts, newer: scripts.filter((_, i) => written[0][i] !== written[1][i]) };
  } finally {
    rmSync(out, { recursive: true });
  }
}

test("no script of a page uses syntax that is newer than ES2020", () => {
  const { scripts, newer } = scriptsAndNewer(SCRIPTS);
  assert.ok(scripts.length > 10);
  assert.deepEqual(newer, []);
});

test("a logical assignment, a digit separator and a class field are found as newer", () => {
  const folder = mkdtempSync(join(tmpdir(), "gaitlab-"));
  writeFileSync(join(folder, "assignment.js"), "export let a = null; a ??= 3;");
  writeFileSync(join(folder, "field.js"), "export class A { b = 3; }");
  writeFileSync(join(folder, "old.js"), "export const a = null ?? globalThis?.b;");
  writeFileSync(join(folder, "separator.js"), "export const a = 20_000;");
  assert.deepEqual(scriptsAndNewer(folder).newer.sort(), ["assignment.js", "field.js", "separator.js"]);
  rmSync(folder, { recursive: true });
});
