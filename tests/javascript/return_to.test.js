// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { returnCookie } from "../../gaitlab/ui/shared/return_to.js";

const PLACE = { pathname: "/session", search: "?session=7", protocol: "https:" };

test("the page that was asked for is kept for a time", () => {
  const cookie = returnCookie(PLACE, { name: "return", lasts_s: 600 });
  assert.equal(cookie, "return=%2Fsession%3Fsession%3D7; Path=/; Max-Age=600; SameSite=Lax; Secure");
});

test("and forgotten", () => {
  const cookie = returnCookie({ ...PLACE, protocol: "http:" }, { name: "return", lasts_s: 0 });
  assert.equal(cookie, "return=; Path=/; Max-Age=0; SameSite=Lax");
});
