// @ts-check
// The page that somebody asked for before they signed in, in a cookie: the provider sends everybody to the first page.

/** @import { Component } from "./component.js" */

/** @typedef {{ name: string, lasts_s: number }} ReturnData `lasts_s` 0 forgets it */

/** @param {Component<ReturnData>} component */
export default function ({ data }) {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in browsers that are in use
  document.cookie = returnCookie(window.location, data);
}

/**
 * @param {{ pathname: string, search: string, protocol: string }} place
 * @param {ReturnData} data
 */
export function returnCookie({ pathname, search, protocol }, { name, lasts_s }) {
  const value = lasts_s > 0 ? encodeURIComponent(pathname + search) : "";
  const secure = protocol === "https:" ? "; Secure" : "";
  return `${name}=${value}; Path=/; Max-Age=${lasts_s}; SameSite=Lax${secure}`;
}
