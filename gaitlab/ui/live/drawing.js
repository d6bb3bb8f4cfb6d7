// The skeleton on the picture of the live camera; one module with `live.js`, which comes before it.

// `points` are shares of the picture's width and height, null for an unknown one, or null altogether; `bones` are triples of
// two numbers of points and a color.
function drawSkeleton(canvas, video, points, bones) {
  if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
  }
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!points) return;
  const unit = Math.max(canvas.width, canvas.height) / 160;
  const at = (index) => points[index] && [points[index][0] * canvas.width, points[index][1] * canvas.height];
  pen.lineCap = "round";
  // Each bone twice: a white rim first, so that it is seen on dark and on bright clothes.
  for (const rim of [true, false]) {
    for (const [first, second, color] of bones) {
      const [from, to] = [at(first), at(second)];
      if (!from || !to) continue;
      pen.strokeStyle = rim ? "#fff" : color;
      pen.lineWidth = rim ? 2 * unit : 1.2 * unit;
      pen.beginPath();
      pen.moveTo(...from);
      pen.lineTo(...to);
      pen.stroke();
    }
  }
}
