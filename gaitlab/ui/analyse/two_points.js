// A still on which two points are placed by click or touch; a third click moves the nearer of the two. The number fields
// beside it say the same for the keyboard.

export default function ({ parentElement, data, setTriggerValue }) {
  const picture = parentElement.querySelector("img");
  const lines = parentElement.querySelector("svg");
  if (picture.src !== data.picture) picture.src = data.picture;
  picture.alt = data.alt;
  lines.setAttribute("viewBox", `0 0 ${data.wide} ${data.high}`);
  draw(lines, data.points, data.wide / 100);
  picture.onclick = (click) => {
    const box = picture.getBoundingClientRect();
    setTriggerValue("placed", {
      x: ((click.clientX - box.left) / box.width) * data.wide,
      y: ((click.clientY - box.top) / box.height) * data.high,
    });
  };
}

function draw(lines, points, unit) {
  lines.replaceChildren();
  // White below, dark above: seen on any picture.
  for (const [color, width] of [["#fff", 0.9 * unit], ["#d00000", 0.4 * unit]]) {
    for (const [x, y] of points) add(lines, "circle", { cx: x, cy: y, r: 1.2 * unit, fill: "none", stroke: color, "stroke-width": width });
    if (points.length === 2) {
      const [[x1, y1], [x2, y2]] = points;
      add(lines, "line", { x1, y1, x2, y2, stroke: color, "stroke-width": width });
    }
  }
}

function add(parent, name, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
}
