// @ts-check
// The heel strikes as tiles of the strip and as marks of the feet under the curve, with their words: of an hour these are
// 6,600, and their times alone are sent.

/** @import { Lane, Tile } from "./player_data.js" */

/**
 * Heel strikes in the order of their times.
 * @typedef {object} Steps
 * @property {string} feet a letter for each: `l` or `r`
 * @property {number[]} at_s
 * @property {number[]} until_s when the next one of the same foot comes
 * @property {(number | null)[]} lifted_s when the foot leaves the ground; null where that is not known
 */

/** A heel strike that comes later than this after one of the other foot is not told as a step (ours). */
const STEP_MAX_S = 2;
/** @type {Record<string, string>} */
const SIDE_OF_LETTER = { l: "left", r: "right" };

/** @param {string} words */
const capitalised = (words) => words[0].toUpperCase() + words.slice(1);

/**
 * Returns a tile for each heel strike; its curve lasts to the next one of the same foot.
 * @param {Steps} steps
 * @returns {Tile[]}
 */
export function stepTiles({ feet, at_s, until_s }) {
  return at_s.map((start_s, i) => {
    const side = SIDE_OF_LETTER[feet[i]];
    const since_s = i > 0 && feet[i - 1] !== feet[i] ? start_s - at_s[i - 1] : Infinity;
    const step = since_s <= STEP_MAX_S ? `${since_s.toFixed(2)} s` : "";
    const after = step ? `, ${step} after the ${SIDE_OF_LETTER[feet[i - 1]]} one` : "";
    return {
      label: `${capitalised(side)} heel strike at ${start_s.toFixed(2)} s${after}`,
      words: `${side[0].toUpperCase()} ${step}`.trimEnd(),
      side,
      start_s,
      end_s: until_s[i],
      key_s: start_s,
      corrects: "contact",
    };
  });
}

/**
 * Returns a row of marks for each foot that is seen: a bar while it is on the ground, or a single mark at a heel strike
 * whose toe-off is not known.
 * @param {Steps} steps
 * @returns {Lane[]}
 */
export function footLanes({ feet, at_s, lifted_s }) {
  const seen = Object.entries(SIDE_OF_LETTER).filter(([letter]) => feet.includes(letter));
  return seen.map(([letter, side]) => {
    const own = at_s.map((_, i) => i).filter((i) => feet[i] === letter);
    /** @type {Lane["marks"]} */
    const marks = own.map((i) => {
      const [start_s, end_s] = [at_s[i], lifted_s[i]];
      const when = end_s === null ? start_s.toFixed(2) : `on the ground, ${start_s.toFixed(2)} to ${end_s.toFixed(2)}`;
      return { label: `${capitalised(side)} heel strike, ${when} s`, side, start_s, end_s, corrects: "contact" };
    });
    return { label: letter.toUpperCase(), side, marks };
  });
}
