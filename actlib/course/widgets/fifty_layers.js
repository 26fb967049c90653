// A signal through up to fifty random layers and a gradient back, at a weight scale that the reader moves; all
// of it is computed here.

import { law, Stack, squares } from "../../live/depth.js";
import {
  add,
  among,
  apart,
  axes,
  between,
  button,
  choice,
  closest,
  control,
  drag,
  follow,
  line,
  tallest,
  tell,
  typeset,
  whole,
  writer,
} from "./plot.js";
import { colours, css, histogram, sharp, short, ticker } from "./stage.js";

const DEEPEST = 50,
  SHALLOWEST = 5;
const SEEDS = 1000;
/** The gains of the slider: 12 to a doubling, with three digits. */
export const GAINS = Array.from({ length: 73 }, (_, i) => Number((0.25 * 2 ** (i / 12)).toPrecision(3)));
const [LOWEST, HIGHEST] = [GAINS[0], GAINS[GAINS.length - 1]];
/** The largest and the smallest normal number of float32. */
const LARGEST = 3.4e38,
  SMALLEST = 1.18e-38;
// Milliseconds of a picture's time in which weights are drawn.
const SLICE = 8;
const BINS = 33,
  REACH = 4;
const STRIP = 150;

/** The power of ten at which the axis ends that must hold `power`. */
export const reach = (power) => [1, 2, 4, 8, 16, 32].find((end) => end >= power) ?? 64;

/** What becomes of sizes, in the order in which the layers are passed. */
export function course(sizes, layer) {
  const ratios = sizes.map((size) => size / sizes[0]),
    change = ratios[ratios.length - 1];
  const away = (ratio) => Math.max(ratio, 1 / ratio);
  const lost = sizes.findIndex((size) => size < SMALLEST),
    over = sizes.findIndex((size) => size > LARGEST);
  if (lost >= 0)
    return `vanishes: in layer ${layer(lost)} it is below ${typeset(SMALLEST)}, too small for float32`;
  if (over >= 0)
    return `overflows: in layer ${layer(over)} it is above ${typeset(LARGEST)}, too large for float32`;
  const farthest = ratios.reduce((at, ratio, i) => (away(ratio) > away(ratios[at]) ? i : at), 0);
  if (away(ratios[farthest]) < 2) return "keeps its size in every layer, within a factor of 2";
  if (away(change) < 2)
    return `ends near the size with which it began; in layer ${layer(farthest)} it is ${short(ratios[farthest])} times that`;
  return change < 1 ? `shrinks by a factor of ${short(1 / change)}` : `grows by a factor of ${short(change)}`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const names = get("functions");
  const root = add(el, "div", {
    class: "actlib-widget fifty-layers",
    role: "group",
    "aria-label": get("title"),
  });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "img" });
  const frame = axes(svg);
  const KINDS = ["signal", "gradient"];
  const lines = KINDS.map((_, i) => add(frame.plot, "path", { class: `line line-${i}` }));
  const dots = KINDS.map((_, i) => add(frame.plot, "path", { class: `dots line-${i}` }));
  const labels = KINDS.map((kind, i) => add(svg, "text", { class: `label line-${i}` }, kind));
  add(
    root,
    "p",
    { class: "legend" },
    "Dots: this network. Lines: the law for wide layers. Size is the root of the mean square.",
  );
  const strip = add(root, "canvas", { role: "img" });
  add(
    root,
    "p",
    { class: "legend" },
    "Pre-activations in each layer: the stronger the colour, the more units. Those beyond ±4 are counted at the edge.",
  );
  const controls = add(root, "div", { class: "controls" });
  const select = choice(controls, "function", get("labels"));
  const gainRow = control(controls, "gain g", { type: "range", min: 0, max: GAINS.length - 1 });
  const depthRow = control(controls, "layers", { type: "range", min: SHALLOWEST, max: DEEPEST });
  const numbers = add(root, "p", { class: "numbers" });
  const readouts = KINDS.map(() => add(numbers, "span"));
  const sentence = add(root, "p");
  const own = button(root, "", () => put({ gain: ownGain() }));
  button(root, "Gain √2", () => put({ gain: 1.414 }));
  button(root, "Draw other weights", () => put({ seed: (get("seed") + 1) % SEEDS }));
  const put = writer(model, root, () =>
    [`${get("labels")[select.value]}, gain g = ${get("gain")}`, sentence.textContent].join(". "),
  );

  const small = document.createElement("canvas");
  const counts = new Uint32Array(BINS);
  /** @type {Stack | undefined} */
  let stack;
  let seed = NaN,
    width = 0,
    powers = [0, 0],
    row = 0;
  /** @type {import("./plot.js").Place} */
  let place;

  const theme = colours(root, ["green", "ink"], () => width && drawStrip());
  const ownGain = () => Number((1 / Math.sqrt(squares(get("function"), 1).second)).toPrecision(4));
  const ready = () => stack !== undefined && seed === get("seed") && stack.depth >= get("depth");

  // The weights of a seed are drawn once, a slice of time in each picture, while the figure is in view.
  const clock = ticker(root, (_, share) => {
    if (!stack || seed !== get("seed")) {
      seed = get("seed");
      stack = new Stack(seed);
    }
    for (
      const end = performance.now() + SLICE * share;
      stack.depth < get("depth") && performance.now() < end;
    )
      stack.draw();
    if (ready()) draw();
  });

  function drawFrame(margin) {
    const depth = get("depth");
    place = frame.draw({
      width,
      x: [-0.5, depth + 0.5],
      y: [-powers[0], powers[1]],
      log: true,
      step: 1,
      margin,
      names: ["layer", "size"],
    });
    row = tallest(labels);
    labels.forEach((label) => label.setAttribute("x", String(place.right + 8)));
  }

  /** Compute and draw all. */
  function draw() {
    const depth = get("depth"),
      f = get("function"),
      gain = get("gain");
    clock.set(!ready());
    root.setAttribute("aria-busy", String(!ready()));
    const predicted = law(f, gain, depth),
      found = ready() ? stack?.send(f, gain, depth) : undefined;
    const heights = KINDS.map((kind) => Array.from(predicted[kind], Math.log10));
    const points = KINDS.map((kind) => (found ? Array.from(found[kind], Math.log10) : []));
    const drawn = [...heights, ...points].flat();
    const now = [reach(-Math.min(...drawn)), reach(Math.max(...drawn)), depth, width];
    if (now.some((end, i) => end !== powers[i])) {
      powers = now;
      drawFrame(Math.max(...labels.map((label) => label.getComputedTextLength())) + 14);
    }
    const { X, Y, top, bottom } = place;
    const layers = Array.from(predicted.signal, (_, i) => i);
    lines.forEach((path, i) => path.setAttribute("d", line(layers, heights[i], X, Y)));
    dots.forEach((path, i) =>
      path.setAttribute("d", points[i].map((y, l) => `M${X(l).toFixed(1)} ${Y(y).toFixed(1)}h0`).join("")),
    );
    const ends = heights.map((ys) => Y(ys[depth]));
    apart(ends, row, [top, bottom]).forEach((y, i) => labels[i].setAttribute("y", String(y + 4.5)));
    drawStrip();

    select.value = String(names.indexOf(f));
    tell(gainRow, GAINS.indexOf(closest(GAINS, gain)), gain);
    tell(depthRow, depth, depth);
    own.textContent = `Its own gain, ${ownGain()}`;
    KINDS.forEach((kind, i) => {
      const at = i ? 0 : depth,
        here = found ? short(found[kind][at]) : "…";
      readouts[i].textContent = `${kind} in layer ${at}: ${here}, by the law ${short(predicted[kind][at])}`;
    });
    const shown = found ?? predicted;
    sentence.textContent = `The signal ${course(shown.signal, (l) => l)}. On its way back the gradient ${course(shown.gradient.toReversed(), (l) => depth - l)}.`;
    frame.title.textContent = `${get("title")}: ${get("labels")[select.value]}, gain g = ${gain}, ${depth} layers. ${sentence.textContent}`;
    strip.setAttribute("aria-label", "Where the pre-activations of each layer lie");
  }

  /** Draw a column of shades for each layer. */
  function drawStrip() {
    const depth = get("depth"),
      context = sharp(strip, width, STRIP);
    context.clearRect(0, 0, width, STRIP);
    const { left, right } = place;
    context.font = `13px ${getComputedStyle(root).fontFamily}`;
    context.fillStyle = css(theme.now.ink);
    context.textAlign = "right";
    for (const value of [-REACH, 0, REACH])
      context.fillText(typeset(value), left - 7, ((REACH - value) / (2 * REACH)) * (STRIP - 14) + 11.5);
    if (!ready() || !stack) return;
    small.width = depth + 1;
    small.height = BINS;
    const brush = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d")),
      image = brush.createImageData(depth + 1, BINS);
    for (let l = 0; l <= depth; l++) {
      histogram(stack.x[l], counts, REACH);
      for (let bin = 0; bin < BINS; bin++) {
        const at = 4 * ((BINS - 1 - bin) * (depth + 1) + l);
        image.data.set(theme.now.green, at);
        image.data[at + 3] = 255 * Math.min(1, 2 * Math.sqrt(counts[bin] / stack.x[l].length));
      }
    }
    brush.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, left, 7, right - left, STRIP - 14);
    context.strokeStyle = css(theme.now.ink, 0.3);
    context.strokeRect(left, 7, right - left, STRIP - 14);
  }

  select.addEventListener("change", () => put({ function: names[select.value] }));
  gainRow.input.addEventListener("input", () => put({ gain: GAINS[gainRow.input.value] }));
  depthRow.input.addEventListener("input", () => put({ depth: Number(depthRow.input.value) }));
  let from;
  drag(
    svg,
    ({ type, clientX }) => {
      if (type === "pointerdown") from = { x: clientX, stop: GAINS.indexOf(closest(GAINS, get("gain"))) };
      const moved = Math.round(((clientX - from.x) / (place.right - place.left)) * GAINS.length);
      const gain = GAINS[Math.max(0, Math.min(from.stop + moved, GAINS.length - 1))];
      if (moved && gain !== get("gain")) put({ gain });
    },
    true,
  );

  const stopped = follow(
    model,
    root,
    (now) => {
      width = now;
      draw();
    },
    { function: draw, gain: draw, depth: draw, seed: draw },
  );
  return () => {
    stopped();
    put.cancel();
    clock.end();
    theme.end();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  function: among("functions"),
  gain: between(LOWEST, HIGHEST),
  depth: whole(SHALLOWEST, DEEPEST),
  seed: whole(0, SEEDS - 1),
};

export default { render, settings };
