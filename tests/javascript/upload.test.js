// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal } from "../../gaitlab/ui/analyse/upload.js";

const MB = 1024 * 1024;

test("an empty file is not uploaded", () => {
  assert.match(refusal(0, 10) ?? "", /empty/);
});

test("a file of exactly the limit is uploaded, a byte more is not", () => {
  assert.equal(refusal(10 * MB, 10), null);
  assert.match(refusal(10 * MB + 1, 10) ?? "", /larger than 10 MB/);
});
