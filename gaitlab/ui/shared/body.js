// @ts-check
// A pose as the drawing of a body, by the plan of gaitlab/motion/body_figure.py.

/** @typedef {[x: number, y: number]} Point */
/** @typedef {[start: number, end: number, side: string]} Bone two numbers of points, and the side of the body */

/**
 * @typedef {object} FigurePlan
 * @property {number[]} face
 * @property {number[]} ears
 * @property {number[]} trunk
 * @property {Bone[]} bones
 * @property {number} of_trunk
 * @property {number} of_face
 */

/**
 * @typedef {object} BodyFigure
 * @property {{ at: Point, radius: number } | null} head
 * @property {Point[]} trunk
 * @property {{ side: string, from: Point, to: Point }[]} bones
 */

/** @type {(a: Point, b: Point) => Point} */
const middleOf = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

/** @type {(a: Point, b: Point) => number} */
const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/**
 * Returns the parts of a body, as far as they are known.
 * @param {(index: number) => Point | null} at
 * @param {FigurePlan} plan
 * @returns {BodyFigure}
 */
export function bodyFigure(at, plan) {
  const [left, right, rightHip, leftHip] = plan.trunk.map(at);
  const shoulders = left && right && middleOf(left, right);
  const hips = leftHip && rightHip && middleOf(leftHip, rightHip);
  const head = headOf(at, plan, shoulders && hips ? apart(shoulders, hips) : 0);
  /** @type {BodyFigure["bones"]} */
  const bones = head && shoulders ? neckOf(head, shoulders) : [];
  for (const [start, end, side] of plan.bones) {
    const [from, to] = [at(start), at(end)];
    if (from && to) bones.push({ side, from, to });
  }
  return { head, trunk: known(plan.trunk, at), bones };
}

/**
 * Returns the line from the shoulders to the edge of the head.
 * @param {{ at: Point, radius: number }} head
 * @param {Point} shoulders
 */
function neckOf(head, shoulders) {
  const far = apart(head.at, shoulders);
  const share = far > 0 ? Math.min(1, head.radius / far) : 1;
  /** @type {Point} */
  const to = [head.at[0] + (shoulders[0] - head.at[0]) * share, head.at[1] + (shoulders[1] - head.at[1]) * share];
  return far > 0 ? [{ side: "both", from: shoulders, to }] : [];
}

/**
 * @param {number[]} indices
 * @param {(index: number) => Point | null} at
 */
function known(indices, at) {
  return indices.map(at).filter((point) => point !== null);
}

/**
 * @param {(index: number) => Point | null} at
 * @param {FigurePlan} plan
 * @param {number} trunk length
 * @returns {BodyFigure["head"]}
 */
function headOf(at, plan, trunk) {
  const face = known(plan.face, at);
  const ears = known(plan.ears, at);
  const spread = Math.max(0, ...face.flatMap((one) => face.map((other) => apart(one, other))));
  const radius = Math.max(plan.of_trunk * trunk, plan.of_face * spread);
  if (!face.length || radius <= 0) return null;
  const middle = ears.length ? ears : face;
  const sum = middle.reduce((so_far, point) => [so_far[0] + point[0], so_far[1] + point[1]]);
  return { at: [sum[0] / middle.length, sum[1] / middle.length], radius };
}

/**
 * Draws a body; the pen has its line width already.
 * @param {CanvasRenderingContext2D} pen
 * @param {BodyFigure} figure
 * @param {(side: string) => string} colorOf
 * @param {number} trunkOpacity
 */
export function drawBody(pen, { head, trunk, bones }, colorOf, trunkOpacity) {
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.fillStyle = pen.strokeStyle = colorOf("both");
  if (trunk.length > 1) {
    pen.beginPath();
    for (const point of trunk) pen.lineTo(...point);
    pen.closePath();
    pen.globalAlpha = trunkOpacity;
    pen.fill();
    pen.globalAlpha = 1;
    pen.stroke();
  }
  for (const { side, from, to } of bones) {
    pen.strokeStyle = colorOf(side);
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
  }
  if (head) {
    pen.strokeStyle = colorOf("both");
    pen.beginPath();
    pen.arc(...head.at, head.radius, 0, 2 * Math.PI);
    pen.globalAlpha = trunkOpacity;
    pen.fill();
    pen.globalAlpha = 1;
    pen.stroke();
  }
}
