// @ts-check
// What the scripts of all components share.

/**
 * What Streamlit passes to the default export of a component each time the page has run.
 * @template Data
 * @typedef {object} Component
 * @property {HTMLElement | ShadowRoot} parentElement
 * @property {Data} data
 * @property {Tell} setTriggerValue lasts for one run of the page
 * @property {Tell} setStateValue lasts
 */

/** @typedef {(name: string, value: unknown) => void} Tell */

/**
 * Returns the first element that fits the selector, which must be of the kind.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {{ new (): T, prototype: T }} kind
 * @returns {T}
 */
export function part(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`expected ${kind.name} at ${selector}, got ${found}`);
  return found;
}

/**
 * Returns a new element for an SVG picture.
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
export function svgElement(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/**
 * Leaves in a row exactly the given elements, in their order; what stays is not moved, so that it keeps the focus.
 * @param {Element} row
 * @param {Element[]} elements those that are there already in the order in which they are there
 */
export function showOnly(row, elements) {
  const wanted = new Set(elements);
  for (const child of [...row.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, i) => {
    if (row.children[i] !== element) row.insertBefore(element, row.children[i] ?? null);
  });
}
