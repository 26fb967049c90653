// What the widgets share. Python puts this file in front of a widget's own (portable.py, source), so a
// front end gets one module without imports.

const SVG = "http://www.w3.org/2000/svg";
// Milliseconds without a change before a screen reader is told what is shown.
const SETTLED = 500;

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

/** Move heights on the screen apart until neighbours differ by `gap`, as little as can be, within two ends. */
export function apart(heights, gap, [low, high] = [-Infinity, Infinity]) {
  const order = heights.map((_, i) => i).sort((a, b) => heights[a] - heights[b]), moved = [];
  // Less its own share of gaps none may be under the one before: the nearest such row is means of runs.
  const row = order.map((index, i) => heights[index] - i * gap);
  const mean = (run) => run.reduce((sum, height) => sum + height, 0) / run.length;
  order.forEach((index, i) => {
    const to = row.slice(0, i + 1).map((_, j) => Math.min(...row.slice(i).map((_, k) => mean(row.slice(j, i + k + 1)))));
    moved[index] = Math.max(low, Math.min(high - (row.length - 1) * gap, Math.max(...to))) + i * gap;
  });
  return moved;
}

/** The frame of a plot, and in `plot` the place for what is drawn in it; `draw` returns its scales and ends. */
export function axes(svg) {
  const title = add(svg, "title"), frame = add(svg, "g");
  // An inner svg clips; a clipPath would need an id.
  const plot = add(svg, "svg");
  function draw({ width, x, y, log, step = 0, margin = 32, names: [across, up] }) {
    // A letter stands beside the ticks of x, a longer name below them.
    const below = across.length > 1, height = Math.round(Math.min(Math.max(0.58 * width, 240), 400));
    const top = up ? 30 : 12, right = width - margin, bottom = height - (below ? 50 : 30);
    const heights = ticks(...y, height / 50, log ? 1 : 0);
    const texts = heights.map((h) => (!log ? typeset(h) : h ? `10${raised(h)}` : "1"));
    const left = Math.max(46, ...texts.map((text) => 8 * text.length + 10));
    const X = scale(x, [left, right]), Y = scale(y, [bottom, top]);
    const inner = [left, top, right - left, bottom - top];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    plot.setAttribute("viewBox", inner.join(" "));
    ["x", "y", "width", "height"].forEach((name, i) => plot.setAttribute(name, inner[i]));
    frame.replaceChildren();
    for (const value of ticks(...x, (right - left) / 52, step)) {
      add(frame, "path", { class: value ? "grid" : "axis", d: `M${X(value)} ${top}V${bottom}` });
      add(frame, "text", { x: X(value), y: bottom + 20, "text-anchor": "middle" }, typeset(value));
    }
    heights.forEach((value, i) => {
      add(frame, "path", { class: value || log ? "grid" : "axis", d: `M${left} ${Y(value)}H${right}` });
      add(frame, "text", { x: left - 7, y: Y(value) + 4.5, "text-anchor": "end" }, texts[i]);
    });
    if (up) add(frame, "text", { class: "axis-name", x: 2, y: 14 }, up);
    if (below) add(frame, "text", { class: "axis-name", x: (left + right) / 2, y: bottom + 42, "text-anchor": "middle" }, across);
    else add(frame, "text", { class: "name", x: right + 20, y: bottom + 20 }, across);
    return { X, Y, left, right, top, bottom };
  }
  return { title, plot, draw };
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

/** A row with a labelled choice among names. */
export function choice(parent, label, names) {
  const row = add(parent, "label", { class: "choice" });
  add(row, "span", {}, label);
  const select = add(row, "select", { "data-lm-suppress-shortcuts": "" });
  names.forEach((name, value) => add(select, "option", { value }, name));
  return select;
}

/** Show on a row of `control` the position and, in words, the number it stands for. */
export function tell({ input, value }, position, number) {
  input.value = position;
  value.textContent = typeset(number);
  input.setAttribute("aria-valuetext", typeset(number));
}

/** What a named number is; without a number that it is still to come. */
export const reading = (name, number) =>
  number === undefined ? `${name}: after your guess` : `${name} = ${typeset(number)}`;

/** Put a question above the plot, below all else the button that calls `check`; return the answer's place. */
export function ask(root, question, check) {
  const asked = add(root, "p", { class: "question" }, question);
  root.querySelector("svg").before(asked);
  add(root, "button", { type: "button", "data-lm-suppress-shortcuts": "" }, "Check my guess").addEventListener("click", check);
  return add(root, "p", { role: "status" });
}

/** The answer as a sentence to who has guessed. */
export const verdict = (right, name, guess, answer, which = "") =>
  `${right ? "Yes" : `You chose ${name} = ${typeset(guess)}`}: the computed answer is ${name} = ${typeset(answer)}${which}.`;

/** A function that changes the model; once the reader rests, a screen reader is told the `text` of what is shown. */
export function writer(model, root, text) {
  const spoken = add(root, "p", { class: "spoken", role: "status" });
  let timer;
  const put = (changes) => {
    for (const name in changes) model.set(name, changes[name]);
    model.save_changes();
    clearTimeout(timer);
    timer = setTimeout(() => { spoken.textContent = text(); }, SETTLED);
  };
  put.cancel = () => clearTimeout(timer);
  return put;
}

/** Call `resize` with each new width of the root, and a trait's drawing in the frame after it changed; return the end of it. */
export function follow(model, root, resize, watched) {
  let width = 0;
  const fit = () => {
    // The width is 0 while the widget is hidden or not yet on the page.
    if (root.clientWidth === width || root.clientWidth === 0) return;
    width = root.clientWidth;
    resize(width);
  };
  fit();
  const drawings = Object.keys(watched).map((name) => [`change:${name}`, oncePerFrame(() => width && watched[name]())]);
  for (const [name, draw] of drawings) model.on(name, draw);
  const resized = oncePerFrame(fit), observer = new ResizeObserver(resized);
  observer.observe(root);
  return () => {
    for (const [name, draw] of drawings) {
      model.off(name, draw);
      draw.cancel();
    }
    observer.disconnect();
    resized.cancel();
  };
}
