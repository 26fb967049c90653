// Two networks that differ in their activation learn the same points side by side, a step in front of the
// reader's eyes at a time; all of it is computed here.

import { DATA, wave } from "../../live/data.js";
import { exp } from "../../live/elementary.js";
import { Adam, Network, SGD, Training } from "../../live/network.js";
import {
  add,
  among,
  apart,
  axes,
  button,
  choice,
  control,
  follow,
  line,
  oncePerFrame,
  scale,
  tallest,
  tell,
  whole,
  writer,
} from "./plot.js";
import { colours, css, histogram, sharp, short, ticker } from "./stage.js";

export const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
/** What the reader picks from lists: the value of the trait and what it is called. */
export const CHOICES = {
  data: [
    ["circles", "a disc in a ring"],
    ["spirals", "two spirals"],
    ["xor", "four squares"],
    ["moons", "two half circles"],
    ["waves", "a curve to fit"],
  ],
  initialiser: [
    ["own_gain", "its own gain"],
    ["he", "He, gain √2"],
    ["lecun", "LeCun, gain 1"],
    ["xavier", "Xavier"],
    ["pytorch_default", "PyTorch’s default"],
    ["0.25", "gain 0.25"],
    ["4", "gain 4"],
  ],
  optimiser: [
    ["sgd", "SGD"],
    ["momentum", "SGD, momentum 0.9"],
    ["adam", "Adam"],
  ],
  speed: [
    ["slow", "slow"],
    ["medium", "medium"],
    ["fast", "fast"],
  ],
};
/** The sliders: from where to where. */
export const SLIDERS = { depth: [1, 8], width: [2, 16] };
const NAMES = {
  data: "points",
  initialiser: "first weights",
  optimiser: "optimiser",
  speed: "speed",
  depth: "hidden layers",
  width: "units in each",
};
const SEEDS = 1000,
  POINTS = 120,
  LAST = 3000;
/** Steps for each picture; what is fast makes as many as fit into a picture's time. */
const STEPS = { slow: 1, medium: 8, fast: 1000 };
// Milliseconds of a picture's time for steps, and the most that a surface may take of it.
const BUDGET = 7,
  DEAR = 6;
// Milliseconds between two readings of the layers.
const READ = 200;
const FINE = 48,
  COARSE = 24;
const BINS = 31,
  REACH = 4,
  TALL = 16;
// How far a canvas shows the plane, and the heights of a curve.
const PLANE = 1.2;
// A slope below this passes next to nothing.
const FLAT = 0.01;

/**
 * The network, its points and its training, for one side; `losses` will hold those before each step.
 * @param {Record<string, any>} settings
 */
export function begin({ activation, data, depth, width, initialiser, rate, optimiser, seed }) {
  const points = DATA[data](POINTS, seed);
  const inputs = points.x.length / POINTS;
  const network = new Network({
    widths: [inputs, ...Array(depth).fill(width), 1],
    activation,
    learned: activation === "prelu",
    initialiser: Number(initialiser) || initialiser,
    seed,
  });
  const learningRate = rate;
  const method =
    optimiser === "adam"
      ? new Adam({ learningRate })
      : new SGD({ learningRate, momentum: optimiser === "momentum" ? 0.9 : 0 });
  const training = new Training({
    network,
    data: points,
    loss: points.loss,
    optimiser: method,
    batch: POINTS,
    seed,
  });
  /** @type {number[]} */
  const losses = [];
  return { network, points, inputs, training, losses };
}

/** Make a step of each run that still can; return whether one did. */
export function advance(runs) {
  let moved = false;
  for (const { training, losses } of runs) {
    if (training.stopped) continue;
    const loss = training.step();
    if (training.stopped) continue;
    losses.push(loss);
    moved = true;
  }
  return moved;
}

/** What goes on in each hidden layer: where pre-activations lie, the gradient of its weights, idle units. */
export function look({ network, training }) {
  const { tape } = training.measure();
  network.backward(tape, tape.upstream);
  return network.layers.slice(0, -1).map(({ gradient, width, hidden }, l) => {
    const { z, d } = tape.layers[l];
    const counts = histogram(z, new Array(BINS), REACH);
    let sum = 0;
    for (const slope of gradient.W) sum += slope * slope;
    // Softmax and maxout have no slope of a unit by itself.
    if (!d.length || !hidden)
      return { counts, gradient: Math.sqrt(sum / gradient.W.length), dead: NaN, flat: NaN };
    const alive = new Uint8Array(width);
    let flat = 0;
    for (let i = 0; i < d.length; i++) {
      if (d[i] !== 0) alive[i % width] = 1;
      if (Math.abs(d[i]) < FLAT) flat++;
    }
    return {
      counts,
      gradient: Math.sqrt(sum / gradient.W.length),
      dead: alive.filter((each) => !each).length / width,
      flat: flat / d.length,
    };
  });
}

/** Call `put` with both ends of each piece of the line where values on an n x n grid cross 0, in cells. */
export function contour(values, n, put) {
  const piece = (corners) => {
    const ends = [];
    for (let i = 0; i < 3; i++) {
      const [a, b] = [corners[i], corners[(i + 1) % 3]],
        [u, v] = [values[a], values[b]];
      if (u > 0 === v > 0) continue;
      const share = u / (u - v),
        [x, y] = [a % n, Math.floor(a / n)];
      ends.push([x + share * ((b % n) - x), y + share * (Math.floor(b / n) - y)]);
    }
    if (ends.length) put(...ends);
  };
  for (let row = 0; row < n - 1; row++)
    for (let i = row * n; i < row * n + n - 1; i++) {
      piece([i, i + 1, i + n]);
      piece([i + 1, i + n, i + n + 1]);
    }
}

/** The points of an n x n grid, from the upper left. */
const grids = new Map();
function grid(n) {
  if (!grids.has(n)) {
    const at = (i) => PLANE * ((2 * i) / (n - 1) - 1);
    grids.set(
      n,
      Float64Array.from({ length: 2 * n * n }, (_, i) =>
        i % 2 ? -at(Math.floor(i / 2 / n)) : at((i / 2) % n),
      ),
    );
  }
  return grids.get(n);
}

/** How much of all is left, for reading. */
const share = (part) => (Number.isNaN(part) ? "–" : `${Math.round(100 * part)}\u00a0%`);

/** How a run stands, in words. */
export function standing({ training }) {
  if (training.stopped) return `Stopped in ${training.stopped.text}.`;
  const { accuracy, loss } = training.measure();
  const right = Number.isNaN(accuracy) ? "" : `, ${share(accuracy)} right`;
  return `Loss ${short(loss)}${right}`;
}

/** How the first weights of two runs differ, in words. */
export function difference(one, other, labels) {
  const [a, b] = [one, other].map(({ network }) => network.parameters.length);
  const counts = `${labels[0]} has ${a} weights and biases, ${labels[1]} has ${b}.`;
  if (a !== b) return `${counts} So they cannot begin alike.`;
  const equal = one.network.parameters.every((weight, i) => weight === other.network.parameters[i]);
  return equal
    ? `Both begin with the same ${a} weights and biases.`
    : `Both begin with the same ${a} weights and biases, but for their scale: each has its own gain.`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const names = get("functions"),
    label = (side) => get("labels")[names.indexOf(get(side))];
  const root = add(el, "div", { class: "actlib-widget race", role: "group", "aria-label": get("title") });
  add(root, "p", {}, get("title"));
  const bar = add(root, "div", { class: "bar" });
  const play = button(bar, "Play", () => run(!clock.running()));
  button(bar, "One step", () => {
    run(false);
    advance(runs);
    draw();
    put({});
  });
  button(bar, "Start over", () => {
    run(false);
    reset();
    put({});
  });
  const counter = add(bar, "span", { class: "counter" });

  const pair = add(root, "div", { class: "pair" });
  const tables = document.createElement("div");
  const sides = ["left", "right"].map((side, i) => {
    const box = add(pair, "section", { class: `side line-${i + 2}`, "aria-label": `${side} network` });
    const select = choice(box, `${side} network`, get("labels"));
    select.addEventListener("change", () => put({ [side]: names[select.value] }));
    const canvas = add(box, "canvas", { role: "img" });
    const state = add(box, "p", { class: "state" });
    const table = add(tables, "table", { class: `line-${i + 2}` });
    return { side, select, canvas, state, table, small: document.createElement("canvas"), fine: true };
  });
  const note = add(root, "p", { class: "legend" });
  const svg = add(root, "svg", { role: "img", class: "chart" });
  const frame = axes(svg);
  const lines = sides.map((_, i) => add(frame.plot, "path", { class: `line line-${i + 2}` }));
  const lineNames = sides.map((_, i) => add(svg, "text", { class: `label line-${i + 2}` }));
  tables.className = "tables";
  root.append(tables);
  add(
    root,
    "p",
    { class: "legend" },
    `Inputs: where the layer’s pre-activations lie, from −${REACH} to ${REACH}. Gradient: of its weights, root of the mean square. Dead: units whose slope is 0 at every point. Flat: of all units and points, those where the slope is below ${FLAT}.`,
  );

  const controls = add(root, "div", { class: "controls" });
  const selects = Object.entries(CHOICES).map(([name, known]) => {
    const select = choice(
      controls,
      NAMES[name],
      known.map(([, text]) => text),
    );
    select.addEventListener("change", () => put({ [name]: known[select.value][0] }));
    return () => {
      select.value = String(known.findIndex(([value]) => value === get(name)));
    };
  });
  const sliders = Object.entries(SLIDERS).map(([name, [min, max]]) => {
    const row = control(controls, NAMES[name], { type: "range", min, max });
    row.input.addEventListener("input", () => put({ [name]: Number(row.input.value) }));
    return () => tell(row, get(name), get(name));
  });
  const rateRow = control(controls, "learning rate", { type: "range", min: 0, max: RATES.length - 1 });
  rateRow.input.addEventListener("input", () => put({ rate: RATES[rateRow.input.value] }));
  button(root, "Other points and weights", () => put({ seed: (get("seed") + 1) % SEEDS }));
  const put = writer(
    model,
    root,
    () => `Step ${steps()}. ${sides.map(({ side }, i) => `${label(side)}: ${standing(runs[i])}`).join("; ")}`,
  );

  /** @type {any[]} */
  let runs = [];
  /** @type {import("./plot.js").Place} */
  let place;
  let width = 0,
    ranges = "",
    row = 0,
    turn = 0,
    readAt = 0;
  const steps = () => Math.max(0, ...runs.map(({ training }) => training.steps));
  const over = () => steps() >= LAST || runs.every(({ training }) => training.stopped);
  const theme = colours(root, ["blue", "vermilion", "green", "purple", "paper", "ink"], () => draw());

  const clock = ticker(root, (now, pictures) => {
    const until = performance.now() + BUDGET * Math.min(pictures, 8);
    for (let i = 0; i < STEPS[get("speed")] * pictures && steps() < LAST && performance.now() < until; i++)
      if (!advance(runs)) break;
    if (over()) {
      run(false);
      draw();
      put({});
      return;
    }
    // A surface a picture, by turns, and the layers when there is time to read them.
    turn = 1 - turn;
    drawPlane(turn);
    drawLosses();
    if (now - readAt > READ) {
      readAt = now;
      sides.forEach((_, i) => drawLayers(i));
    }
  });

  function run(on) {
    if (on && over()) reset();
    clock.set(on);
    play.textContent = on ? "Pause" : "Play";
    if (!on) {
      draw();
      put({});
    }
  }

  /** Begin anew with the settings as they are. */
  function reset() {
    const shared = Object.fromEntries(
      ["data", "depth", "width", "initialiser", "rate", "optimiser", "seed"].map((name) => [name, get(name)]),
    );
    runs = sides.map(({ side }) => begin({ activation: get(side), ...shared }));
    for (const side of sides) side.fine = true;
    note.textContent = difference(
      runs[0],
      runs[1],
      sides.map(({ side }) => label(side)),
    );
    draw();
  }

  function draw() {
    if (!width || !runs.length) return;
    sides.forEach(({ side, select }, i) => {
      select.value = String(names.indexOf(get(side)));
      drawPlane(i);
      drawLayers(i);
    });
    for (const show of [...selects, ...sliders]) show();
    tell(rateRow, RATES.indexOf(get("rate")), get("rate"));
    drawLosses();
  }

  /** Draw what a network says of the plane, or the curve that it has found, and the points. */
  function drawPlane(i) {
    const { network, points, inputs } = runs[i],
      { canvas, state, side } = sides[i];
    const size = canvas.clientWidth,
      context = sharp(canvas, size, size);
    const X = scale([-PLANE, PLANE], [0, size]),
      Y = scale([PLANE, -PLANE], [0, size]);
    context.clearRect(0, 0, size, size);
    if (inputs === 2) drawSurface(i, context, size);
    else drawCurve(context, X, Y, network, i);
    const { blue, vermilion, ink, paper } = theme.now,
      radius = Math.max(2, size / 100);
    context.strokeStyle = css(paper);
    context.lineWidth = 0.8;
    for (let at = 0; at < POINTS; at++) {
      const y = points.y[at];
      context.fillStyle = css(inputs === 1 ? ink : y ? vermilion : blue);
      context.beginPath();
      const [across, up] =
        inputs === 1 ? [X(points.x[at]), Y(y)] : [X(points.x[2 * at]), Y(points.x[2 * at + 1])];
      if (y || inputs === 1) context.arc(across, up, radius, 0, 2 * Math.PI);
      else context.rect(across - 0.9 * radius, up - 0.9 * radius, 1.8 * radius, 1.8 * radius);
      context.fill();
      context.stroke();
    }
    state.textContent = standing(runs[i]);
    const what = inputs === 2 ? "where it says dot and where square" : "its curve through the points";
    canvas.setAttribute("aria-label", `${label(side)}: ${what}`);
  }

  function drawSurface(i, context, size) {
    const side = sides[i],
      n = side.fine ? FINE : COARSE,
      began = performance.now();
    const { output } = runs[i].network.forward(grid(n));
    const { small } = side,
      { blue, vermilion, ink } = theme.now;
    small.width = small.height = n;
    const brush = /** @type {CanvasRenderingContext2D} */ (small.getContext("2d")),
      image = brush.createImageData(n, n);
    for (let at = 0; at < output.length; at++) {
      const p = 1 / (1 + exp(-output[at]));
      image.data.set(p > 0.5 ? vermilion : blue, 4 * at);
      image.data[4 * at + 3] = Number.isNaN(p) ? 0 : 20 + 90 * Math.abs(2 * p - 1);
    }
    brush.putImageData(image, 0, 0);
    context.drawImage(small, 0, 0, size, size);
    context.strokeStyle = css(ink);
    context.lineWidth = 1.5;
    context.beginPath();
    const to = size / (n - 1);
    contour(output, n, ([x1, y1], [x2, y2]) => {
      context.moveTo(x1 * to, y1 * to);
      context.lineTo(x2 * to, y2 * to);
    });
    context.stroke();
    if (clock.running() && performance.now() - began > DEAR) side.fine = false;
  }

  function drawCurve(context, X, Y, network, i) {
    const xs = Float64Array.from({ length: 161 }, (_, at) => PLANE * (at / 80 - 1));
    const { output } = network.forward(xs);
    for (const [ys, colour, thick] of [
      [xs.map(wave), css(theme.now.ink, 0.5), 1],
      [output, css(theme.now[i ? "purple" : "green"]), 2.5],
    ]) {
      context.strokeStyle = colour;
      context.lineWidth = thick;
      context.beginPath();
      xs.forEach((x, at) => {
        if (Number.isFinite(ys[at])) context.lineTo(X(x), Y(Math.max(-9, Math.min(ys[at], 9))));
      });
      context.stroke();
    }
  }

  /** Draw the losses so far, by powers of ten. */
  function drawLosses() {
    counter.textContent = `Step ${steps()} of ${LAST}`;
    const kept = runs.map(({ losses: before, training }) => {
      const losses = training.stopped ? before : [...before, training.measure().loss];
      const every = Math.ceil(losses.length / 300);
      const at = losses.map((_, i) => i).filter((i) => i % every === 0 || i === losses.length - 1);
      return [at, at.map((i) => Math.log10(losses[i]))];
    });
    const heights = kept.flatMap(([, ys]) => ys).filter(Number.isFinite);
    const end = [50, 100, 200, 500, 1000, 2000].find((each) => each >= steps()) ?? LAST;
    const low = Math.max(-12, Math.floor(Math.min(-1, ...heights))),
      high = Math.min(6, Math.ceil(Math.max(0, ...heights)));
    lineNames.forEach((text, i) => {
      text.textContent = label(sides[i].side);
    });
    const now = [end, low, high, width, ...lineNames.map((text) => text.textContent)].join();
    if (now !== ranges) {
      ranges = now;
      const margin = Math.max(...lineNames.map((text) => text.getComputedTextLength())) + 14;
      place = frame.draw({
        width,
        x: [0, end],
        y: [low, high],
        log: true,
        step: 1,
        margin,
        names: ["step", "loss"],
      });
      row = tallest(lineNames);
      for (const text of lineNames) text.setAttribute("x", String(place.right + 8));
    }
    const { X, Y, top, bottom } = place;
    kept.forEach(([at, ys], i) => lines[i].setAttribute("d", line(at, ys, X, Y)));
    const ends = kept.map(([, ys]) => {
      const last = ys.findLast(Number.isFinite) ?? high;
      return Math.max(top, Math.min(Y(last), bottom));
    });
    apart(ends, row, [top, bottom]).forEach((y, i) => lineNames[i].setAttribute("y", String(y + 4.5)));
    frame.title.textContent = `Loss by step: ${sides.map(({ side }, i) => `${label(side)}: ${standing(runs[i])}`).join(", ")}`;
  }

  function drawLayers(i) {
    const { table, side } = sides[i],
      layers = look(runs[i]);
    if (table.dataset.of !== `${label(side)} ${layers.length}`) {
      table.replaceChildren();
      table.dataset.of = `${label(side)} ${layers.length}`;
      add(table, "caption", {}, label(side));
      const head = add(add(table, "thead"), "tr");
      for (const text of ["Layer", "Inputs", "Gradient", "Dead", "Flat"])
        add(head, "th", { scope: "col" }, text);
      const body = add(table, "tbody");
      layers.forEach((_, l) => {
        const row = add(body, "tr");
        add(row, "th", { scope: "row" }, String(l + 1));
        const picture = add(add(row, "td"), "svg", {
          viewBox: `0 0 ${BINS} ${TALL}`,
          preserveAspectRatio: "none",
          role: "img",
        });
        add(picture, "path", { class: "axis", d: `M${BINS / 2} 0V${TALL}` });
        add(picture, "path", { class: "bars" });
        for (let k = 0; k < 3; k++) add(row, "td");
      });
    }
    [...table.tBodies[0].rows].forEach((row, l) => {
      const { counts, gradient, dead, flat } = layers[l],
        most = Math.max(...counts, 1);
      const data = counts.map((count, bin) => `V${(TALL * (1 - count / most)).toFixed(1)}H${bin + 1}`);
      const picture = /** @type {SVGSVGElement} */ (row.querySelector("svg"));
      picture.lastElementChild?.setAttribute("d", `M0 ${TALL}${data.join("")}V${TALL}Z`);
      const middle = counts.slice(BINS / 4, (3 * BINS) / 4).reduce((sum, count) => sum + count, 0);
      const all = counts.reduce((sum, count) => sum + count, 0);
      picture.setAttribute("aria-label", `${share(middle / all)} between −${REACH / 2} and ${REACH / 2}`);
      [short(gradient), share(dead), share(flat)].forEach((text, k) => {
        row.cells[2 + k].textContent = text;
      });
    });
  }

  const again = oncePerFrame(() => width && reset());
  const watched = ["left", "right", "data", "depth", "width", "initialiser", "rate", "optimiser", "seed"];
  for (const name of watched) model.on(`change:${name}`, again);
  const stopped = follow(
    model,
    root,
    (now) => {
      width = now;
      if (runs.length) draw();
      else reset();
    },
    { speed: draw },
  );
  return () => {
    stopped();
    for (const name of watched) model.off(`change:${name}`, again);
    again.cancel();
    put.cancel();
    clock.end();
    theme.end();
  };
}

const known = (name) => among(CHOICES[name].map(([value]) => value));
/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  left: among("functions"),
  right: among("functions"),
  data: known("data"),
  depth: whole(SLIDERS.depth[0], SLIDERS.depth[1]),
  width: whole(SLIDERS.width[0], SLIDERS.width[1]),
  initialiser: known("initialiser"),
  rate: among(RATES),
  optimiser: known("optimiser"),
  seed: whole(0, SEEDS - 1),
  speed: known("speed"),
};

export default { render, settings };
