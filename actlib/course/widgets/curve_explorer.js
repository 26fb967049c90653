// An activation, its derivative and the tangent at a movable x. Shows values that Python computed, with
// the digits that Python wrote; computes only where they go on the screen.

import {
  add,
  among,
  apart,
  ask,
  axes,
  between,
  control,
  drag,
  follow,
  line,
  nearest,
  reading,
  scale,
  tallest,
  tell,
  typeset,
  verdict,
  writer,
} from "./plot.js";

// The log scale ends at this power of ten: the smallest normal float32 is 1.2e-38.
const LOWEST = -38;

const KINDS = ["f", "slope"];
// Pixels from the end of a line to its name, clear of the ring.
const BESIDE = 12;

/** Parse a view: per value of the parameter the lines f and f′, as texts and as heights to draw. */
export function parse(view, log) {
  const height = (text) => (log ? Math.log10(Math.abs(text)) : Number(text));
  const read = (text) => ({ texts: text.split(" "), heights: text.split(" ").map(height) });
  const rows = view.f.map((text, i) => [read(text), read(view.derivative[i])]);
  const drawn = rows
    .flat()
    .flatMap(({ heights }) => heights)
    .filter((h) => h >= (log ? LOWEST : -Infinity));
  const low = Math.min(...drawn),
    high = Math.max(...drawn),
    pad = 0.05 * (high - low) || 1;
  const texts = view.x.split(" ");
  return { log, texts, xs: texts.map(Number), rows, low: low - pad, high: high + pad };
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const views = { linear: parse(get("views").linear, false), log: parse(get("views").log, true) };
  const view = () => (get("powers") ? views.log : views.linear);
  const selected = () => Math.max(0, get("values").indexOf(get("value")));
  const names = [get("symbol"), `${get("symbol")}′`];
  const family = get("values").length > 0,
    asks = get("question") !== "";
  const hidden = () => asks && get("guess") === null;

  const root = add(el, "div", {
    class: "actlib-widget curve-explorer",
    role: "group",
    "aria-label": get("title"),
  });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "img" });
  const frame = axes(svg),
    { plot } = frame;
  const [answerLine, rule, tangent] = ["answer", "rule", "tangent"].map((kind) =>
    add(plot, "path", { class: kind }),
  );
  const lines = KINDS.map((kind) => add(plot, "path", { class: kind }));
  // A disc for the value over a ring for the slope: both show where they coincide.
  const ring = add(svg, "circle", { class: "slope", r: 7 });
  const dots = [add(svg, "circle", { class: "f", r: 4.5 }), ring];
  const labels = KINDS.map((kind) => add(svg, "text", { class: `name ${kind}` }));

  const controls = add(root, "div", { class: "controls" });
  const xRow = control(controls, "x", { type: "range", min: 0 });
  const parameterRow = family
    ? control(controls, get("parameter"), { type: "range", min: 0, max: get("values").length - 1 })
    : undefined;
  const numbers = add(root, "p", { class: "numbers" });
  const readouts = KINDS.map((kind) => add(numbers, "span", { class: kind }));
  const logRow = control(root, "Log scale, to see the tails", { type: "checkbox" });
  const note = add(
    root,
    "p",
    {},
    `Heights are |${names[0]}| and |${names[1]}| by powers of ten. Zero has no place on this scale.`,
  );
  const near = (x) => view().xs[nearest(view().xs, x)];
  const asked = asks
    ? ask(root, {
        question: get("question"),
        note: `${names[1]} stays hidden until you check your guess.`,
        rests: [readouts[1]],
        guess: () => get("x"),
        begin: get("x"),
        answer: () => near(Number(get("answers")[selected()])),
        put: (x, guessed) => put({ x: near(x), guess: guessed ? x : null }),
      })
    : undefined;
  const put = writer(model, root, () =>
    [`x = ${xRow.value.textContent}`, ...readouts.map((span) => span.textContent)].join(", "),
  );

  /** @type {number} */
  let width;
  /** @type {import("./plot.js").Place} */
  let place;

  /** Draw all that stays when x moves. */
  function drawFrame() {
    const { log, xs, rows, low, high } = view();
    const shown = rows[selected()].slice(0, hidden() ? 1 : 2);
    labels.forEach((label, i) => {
      label.textContent = !shown[i] ? "" : log ? `|${names[i]}|` : names[i];
    });
    const margin = Math.max(...labels.map((label) => label.getComputedTextLength())) + BESIDE + 4;
    place = frame.draw({ width, x: [xs[0], xs.at(-1)], y: [low, high], log, margin, names: ["x", ""] });
    const { X, Y, top, bottom } = place;

    // Each line is named where it leaves the plot: beside it, clear of both lines at every x.
    const ends = shown.map(({ heights }) =>
      Math.max(
        0,
        heights.findLastIndex((h) => h >= low && h <= high),
      ),
    );
    const tops = shown.map(({ heights }, i) => Y(Math.max(low, heights[ends[i]])));
    const beside = apart(tops, tallest(labels), [top, bottom]);
    lines.forEach((path, i) => {
      path.setAttribute("d", shown[i] ? line(xs, shown[i].heights, X, Y) : "");
      labels[i].setAttribute("x", String(X(xs[ends[i] ?? 0]) + BESIDE));
      labels[i].setAttribute("y", (beside[i] ?? 0) + 5);
    });
    frame.title.textContent = `${get("title")}: ${names.slice(0, shown.length).join(" and ")}${log ? ", log scale" : ""}`;

    xRow.input.max = String(xs.length - 1);
    logRow.input.checked = log;
    note.hidden = !log;
    if (parameterRow) tell(parameterRow, selected(), get("value"));
    if (asked)
      answerLine.setAttribute(
        "d",
        hidden() ? "" : `M${X(Number(get("answers")[selected()]))} ${top}V${bottom}`,
      );
  }

  /** Draw what moves with x. */
  function drawPoint() {
    const { log, xs, rows, low, high } = view();
    const row = rows[selected()],
      index = nearest(xs, get("x")),
      { X, Y, top, bottom } = place,
      x = X(xs[index]);
    rule.setAttribute("d", `M${x} ${top}V${bottom}`);
    row.forEach(({ texts, heights }, i) => {
      const h = heights[index],
        veiled = i > 0 && hidden();
      dots[i].setAttribute("cx", String(x));
      dots[i].setAttribute("cy", String(h >= low && h <= high && !veiled ? Y(h) : -99));
      readouts[i].textContent = reading(`${names[i]}(x)`, veiled ? undefined : texts[index]);
    });
    const [y, slope] = row.map(({ heights }) => heights[index]);
    const run = X(1) - X(0),
      rise = (Y(1) - Y(0)) * slope;
    const reach = Math.min(0.2 * width, 110) / Math.hypot(run, rise);
    const end = (sign) => `${x + sign * reach * run} ${Y(y) + sign * reach * rise}`;
    tangent.setAttribute("d", log ? "" : `M${end(-1)}L${end(1)}`);
    tell(xRow, index, view().texts[index]);
    asked?.tell(hidden() ? "" : judge(get("answers")[selected()]));
  }

  function judge(answer) {
    const which = family ? ` for ${get("parameter")} = ${typeset(get("value"))}` : "";
    const right = asked?.told() ? undefined : Math.abs(get("guess") - answer) <= get("tolerance");
    return verdict(right, "x", get("guess"), answer, which);
  }

  xRow.input.addEventListener("input", () => put({ x: view().xs[xRow.input.value] }));
  drag(
    svg,
    (event) => {
      const box = svg.getBoundingClientRect(),
        { xs } = view();
      const across = scale([place.left, place.right], [xs[0], xs.at(-1)]);
      put({ x: xs[nearest(xs, across(((event.clientX - box.left) / box.width) * width))] });
    },
    true,
  );
  logRow.input.addEventListener("change", () => {
    const powers = logRow.input.checked,
      { xs } = powers ? views.log : views.linear;
    put({ powers, x: xs[nearest(xs, get("x"))] });
  });
  if (parameterRow)
    parameterRow.input.addEventListener("input", () =>
      put({ value: get("values")[parameterRow.input.value] }),
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
    { x: drawPoint, value: draw, powers: draw, guess: draw },
  );
  return () => {
    stop();
    put.cancel();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  powers: among([false, true]),
  x: between(-Number.MAX_VALUE, Number.MAX_VALUE),
  value: among("values"),
};

export default { render, settings };
