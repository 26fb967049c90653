// What the widgets share. Python puts this file in front of a widget's own (portable.py, source), so a
// front end gets one module without imports.

const SVG = "http://www.w3.org/2000/svg";

/** Append a new element, SVG from an svg on and HTML elsewhere, and return it. */
export function add(parent, name, attributes = {}, text = "") {
  const node = document.createElementNS(name === "svg" ? SVG : parent.namespaceURI, name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  node.textContent = text;
  parent.append(node);
  return node;
}

/** The linear map that takes a to c and b to d. */
export const scale = ([a, b], [c, d]) => (value) => c + ((value - a) / (b - a)) * (d - c);

/** The multiples of a round step within [low, high]: about `count`, the step not under `smallest`. */
export function ticks(low, high, count, smallest = 0) {
  const coarse = Math.max((high - low) / Math.max(count, 1), smallest);
  const power = 10 ** Math.floor(Math.log10(coarse) + 1e-9);
  const step = power * [1, 2, 5, 10].find((m) => m * power >= coarse * 0.999);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The index of the sample next to `value`; the samples are evenly spaced and increase. */
export function nearest(samples, value) {
  const last = samples.length - 1;
  const index = Math.round(((value - samples[0]) / (samples[last] - samples[0])) * last);
  return Math.min(Math.max(index, 0), last);
}

/** An integer in raised digits, as an exponent. */
export const raised = (integer) =>
  String(integer).replace("-", "⁻").replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);

/** A number that Python or JavaScript wrote, typeset; its digits are not touched. */
export function typeset(number) {
  const [digits, exponent] = String(number).split("e");
  return digits.replace("-", "−") + (exponent ? ` × 10${raised(Number(exponent))}` : "");
}

/** The path data of a line; it has a gap where a height is not finite. */
export function line(xs, heights, X, Y) {
  let data = "", pen = "M";
  for (let i = 0; i < xs.length; i++) {
    const finite = Number.isFinite(heights[i]);
    if (finite) data += `${pen}${X(xs[i]).toFixed(1)} ${Y(heights[i]).toFixed(1)}`;
    pen = finite ? "L" : "M";
  }
  return data;
}

/** Call `move` with the pointer's event while a mouse, pen or finger presses on the node. */
export function drag(node, move) {
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    move(event);
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) move(event);
  });
}

/** A function that asks for `draw` in the next frame, once however often it is called. */
export function oncePerFrame(draw) {
  let frame = 0;
  const ask = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  ask.cancel = () => cancelAnimationFrame(frame);
  return ask;
}

/** A row with a labelled input and a place for its value; Jupyter must leave its arrow keys to it. */
export function control(parent, label, attributes) {
  const row = add(parent, "label", { class: attributes.type });
  add(row, "span", {}, label);
  const input = add(row, "input", { "data-lm-suppress-shortcuts": "", ...attributes });
  return { input, value: add(row, "span", { class: "value", "aria-hidden": "true" }) };
}
