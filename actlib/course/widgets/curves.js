// A function and its slope, and a second one over it if the reader wants, at an x that the reader moves.

import { ACTIVATIONS } from "../../live/activations.js";
import {
  add,
  among,
  apart,
  axes,
  between,
  choice,
  control,
  drag,
  follow,
  line,
  scale,
  tallest,
  tell,
  typeset,
  writer,
} from "./plot.js";
import { short } from "./stage.js";

// Points of a curve, and steps of x across the plot.
const POINTS = 401,
  MIDDLE = 200,
  STEPS = 200;
// Pixels between a line's end and its name.
const BESIDE = 8;

/** The points of x that a curve is computed at. */
export const abscissae = (reach) =>
  Array.from({ length: POINTS }, (_, i) => (reach * (2 * i - POINTS + 1)) / (POINTS - 1));

/** The values and the slopes of a function at some x, by its name and the value of its parameter. */
export function curve(name, value, xs) {
  const f = ACTIVATIONS[name];
  return [xs.map((x) => f.value(x, value)), xs.map((x) => f.derivative(x, value))];
}

/** Where the slope of a function jumps, at 0, if it does: its value there and just after. */
export function jump(name, value) {
  const f = ACTIVATIONS[name],
    [at, after] = [0, Number.MIN_VALUE].map((x) => f.derivative(x, value));
  return after - at > 1e-9 ? [at, after] : undefined;
}

/** How far two lines are apart at most, and where that is first. */
export function farthest(xs, one, other) {
  const distances = one.map((y, i) => Math.abs(y - other[i])),
    most = Math.max(...distances);
  return { most, at: xs[distances.indexOf(most)] };
}

/** The multiple of a step within two ends that is next to a value. */
export const stepped = (value, [low, high, step]) =>
  Number(Math.min(Math.max(low + Math.round((value - low) / step) * step, low), high).toFixed(6));

function render({ model, el }) {
  const get = (name) => model.get(name);
  const titles = get("titles"),
    names = Object.keys(titles),
    ranges = get("ranges"),
    reaches = get("reaches");
  const root = add(el, "div", { class: "actlib-widget curves", role: "group", "aria-label": get("title") });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "img" });
  const frame = axes(svg),
    { plot } = frame;
  const [rule, tangent] = ["grid", "tangent"].map((kind) => add(plot, "path", { class: kind }));
  const lines = [0, 1, 2, 3].map((i) => add(plot, "path", { class: `line line-${i}` }));
  const dots = lines.map((_, i) => add(svg, "circle", { class: `line-${i}`, r: 5 }));
  const labels = ["f", "f′", "g", "g′"].map((name, i) => add(svg, "text", { class: `name line-${i}` }, name));

  const controls = add(root, "div", { class: "controls" });
  const xRow = control(controls, "x", { type: "range", min: -STEPS / 2, max: STEPS / 2 });
  const sides = ["function", "beside"].map((side) => {
    const picks = side === "beside" ? ["", ...names] : names;
    const select = choice(
      controls,
      side === "beside" ? "g" : "f",
      picks.map((name) => titles[name] ?? "none"),
    );
    const row = control(controls, "", { type: "range" });
    const parameter = `${side}_value`;
    select.addEventListener("change", () => {
      const name = picks[Number(select.value)];
      put({ [side]: name, [parameter]: ranges[name]?.at(-1) ?? null });
    });
    row.input.addEventListener("input", () => put({ [parameter]: Number(row.input.value) }));
    return { side, parameter, picks, select, row, label: row.input.closest("label") };
  });
  const zoom = choice(
    controls,
    "x from",
    reaches.map((reach) => `−${reach} to ${reach}`),
  );
  const numbers = add(root, "p", { class: "numbers" });
  const readouts = lines.map(() => add(numbers, "span"));
  const distance = add(root, "p");
  const put = writer(model, root, () =>
    [...readouts, distance]
      .map((part) => part.textContent)
      .filter(Boolean)
      .join(", "),
  );

  /** @type {number} */
  let width;
  /** @type {import("./plot.js").Place} */
  let place;

  /** The value of a side's parameter: its default where what is set is none of this function's. */
  function valueOn(side, parameter) {
    const range = ranges[get(side)],
      value = get(parameter);
    if (!range) return undefined;
    return value !== null && value >= range[1] && value <= range[2] ? value : range.at(-1);
  }

  /** The lines that are shown, each by its place among the four. */
  const shown = (xs) =>
    sides.flatMap(({ side, parameter }) => (get(side) ? curve(get(side), valueOn(side, parameter), xs) : []));

  /** Draw all that stays when x moves. */
  function drawFrame() {
    const reach = get("reach"),
      xs = abscissae(reach),
      all = shown(xs);
    const heights = all.flat().filter(Number.isFinite);
    const low = Math.min(...heights),
      high = Math.max(...heights),
      pad = 0.05 * (high - low) || 1;
    for (const { side, parameter, picks, select, row, label } of sides) {
      select.value = String(picks.indexOf(get(side)));
      const range = ranges[get(side)];
      if (label) label.hidden = !range;
      if (!range) continue;
      const [name, least, most, step] = range;
      /** @type {HTMLElement} */ (row.input.previousElementSibling).textContent = name;
      Object.assign(row.input, { min: least, max: most, step });
      tell(row, valueOn(side, parameter), valueOn(side, parameter));
    }
    zoom.value = String(reaches.indexOf(reach));
    const margin = Math.max(...labels.map((label) => label.getComputedTextLength())) + BESIDE + 4;
    place = frame.draw({
      width,
      tall: 0.42,
      x: [-reach, reach],
      y: [low - pad, high + pad],
      margin,
      names: ["x", ""],
    });
    const jumps = sides.map(({ side, parameter }) => get(side) && jump(get(side), valueOn(side, parameter)));
    lines.forEach((path, i) => {
      const after = i % 2 === 1 && jumps[(i - 1) / 2];
      // A line that joined both sides of a jump would look like a steep slope.
      const [x, y] = !after
        ? [xs, all[i]]
        : [xs.toSpliced(MIDDLE + 1, 0, 0, 0), all[i].toSpliced(MIDDLE + 1, 0, NaN, after[1])];
      path.setAttribute("d", all[i] ? line(x, y, place.X, place.Y) : "");
    });
    const ends = apart(
      all.map((ys) => place.Y(ys[POINTS - 1])),
      tallest(labels),
      [place.top, place.bottom],
    );
    labels.forEach((label, i) => {
      label.setAttribute("x", String(place.right + BESIDE));
      label.setAttribute("y", ends[i] === undefined ? "-99" : String(ends[i] + 5));
    });
    if (all.length > 2) {
      const { most, at } = farthest(xs, all[0], all[2]);
      distance.textContent =
        most > 0
          ? `On this plot f and g differ by at most ${short(most)}, at x = ${short(at)}`
          : "On this plot f and g are the same";
    } else distance.textContent = "";
    frame.title.textContent = sides
      .filter(({ side }) => get(side))
      .map(({ side }, i) => `${"fg"[i]}: ${titles[get(side)]} and its slope`)
      .join("; ");
  }

  /** Draw what moves with x. */
  function drawPoint() {
    const x = get("x"),
      { X, Y, top, bottom } = place,
      here = shown([x]).map(([y]) => y);
    rule.setAttribute("d", `M${X(x)} ${top}V${bottom}`);
    dots.forEach((dot, i) => {
      const seen = i in here && Y(here[i]) >= top && Y(here[i]) <= bottom;
      dot.setAttribute("cx", String(X(x)));
      dot.setAttribute("cy", seen ? String(Y(here[i])) : "-99");
      readouts[i].textContent = i in here ? `${labels[i].textContent}(x) = ${short(here[i])}` : "";
    });
    const run = X(1) - X(0),
      rise = (Y(1) - Y(0)) * here[1],
      part = Math.min(0.15 * width, 90) / Math.hypot(run, rise);
    const end = (sign) => `${X(x) + sign * part * run} ${Y(here[0]) + sign * part * rise}`;
    tangent.setAttribute("d", `M${end(-1)}L${end(1)}`);
    tell(xRow, Math.round((x / get("reach")) * (STEPS / 2)), typeset(x));
  }

  const move = (part) =>
    put({ x: stepped(part * get("reach"), [-get("reach"), get("reach"), (2 * get("reach")) / STEPS]) });
  xRow.input.addEventListener("input", () => move(Number(xRow.input.value) / (STEPS / 2)));
  zoom.addEventListener("change", () => {
    const reach = reaches[Number(zoom.value)];
    put({ reach, x: Math.min(Math.max(get("x"), -reach), reach) });
  });
  drag(
    svg,
    ({ clientX }) => {
      const box = svg.getBoundingClientRect();
      move(scale([place.left, place.right], [-1, 1])(((clientX - box.left) / box.width) * width));
    },
    true,
  );

  const draw = () => {
    drawFrame();
    drawPoint();
  };
  const stop = follow(
    model,
    root,
    (now) => {
      width = now;
      draw();
    },
    {
      x: drawPoint,
      function: draw,
      function_value: draw,
      beside: draw,
      beside_value: draw,
      reach: draw,
    },
  );
  return () => {
    stop();
    put.cancel();
  };
}

/** The value of the parameter of a side's function, if it has one. */
const parameterOf = (side) => (text, get) => {
  const range = get("ranges")[get(side)];
  return range && between(range[1], range[2])(text, get);
};

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  function: (text, get) => among(Object.keys(get("titles")))(text, get),
  function_value: parameterOf("function"),
  beside: (text, get) => among(["", ...Object.keys(get("titles"))])(text, get),
  beside_value: parameterOf("beside"),
  reach: among("reaches"),
  x: (text, get) => between(-get("reach"), get("reach"))(text, get),
};

export default { render, settings };
