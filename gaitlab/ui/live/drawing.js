// @ts-check
// The skeleton on the picture of the live camera.

/** @typedef {[x: number, y: number]} Point */
/** @typedef {[start: number, end: number, color: string]} Bone two numbers of points, and a color */
/** @typedef {(Point | null)[]} Points shares of the picture's width and height, null for an unknown one */

/**
 * Returns the bones whose two ends are known, in pixels of the picture.
 * @param {Points} points
 * @param {Bone[]} bones
 * @param {number} wide
 * @param {number} high
 */
export function skeletonLines(points, bones, wide, high) {
  /** @type {(index: number) => Point | null} */
  const at = (index) => {
    const point = points[index];
    return point && [point[0] * wide, point[1] * high];
  };
  /** @type {{ color: string, from: Point, to: Point }[]} */
  const lines = [];
  for (const [start, end, color] of bones) {
    const [from, to] = [at(start), at(end)];
    if (from && to) lines.push({ color, from, to });
  }
  return lines;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {HTMLVideoElement} video
 * @param {Points | null} points null where nobody is
 * @param {Bone[]} bones
 */
export function drawSkeleton(canvas, video, points, bones) {
  if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
  }
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!points) return;
  const unit = Math.max(canvas.width, canvas.height) / 160;
  const lines = skeletonLines(points, bones, canvas.width, canvas.height);
  pen.lineCap = "round";
  // Each bone twice: a white rim first, so that it is seen on dark and on bright clothes.
  for (const rim of [true, false]) {
    for (const { color, from, to } of lines) {
      pen.strokeStyle = rim ? "#fff" : color;
      pen.lineWidth = rim ? 2 * unit : 1.2 * unit;
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
    }
  }
}
