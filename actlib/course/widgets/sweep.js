// Curves for each value of one parameter, which the reader moves. Shows numbers that Python wrote; computes
// only where they go on the screen.

import {
  add,
  among,
  apart,
  ask,
  axes,
  choice,
  closest,
  control,
  drag,
  follow,
  line,
  reading,
  tallest,
  tell,
  typeset,
  verdict,
  writer,
} from "./plot.js";

/** The heights of a line, from their texts; NaN is a gap. */
export const heights = (texts) => texts.split(" ").map(Number);

/** The path data of a dot at each height within the range: points, which a round line end makes visible. */
export const dots = (xs, ys, [low, high], X, Y) =>
  xs
    .map((x, i) => (ys[i] >= low && ys[i] <= high ? `M${X(x).toFixed(1)} ${Y(ys[i]).toFixed(1)}h0` : ""))
    .join("");

/** The stop that a drag leads to: across the whole plot it passes all stops once. */
export const dragged = (from, part, last) => Math.min(Math.max(from + Math.round(part * last), 0), last);

function render({ model, el }) {
  const get = (name) => model.get(name);
  const xs = heights(get("x")),
    range = heights(get("y_range")),
    values = get("values"),
    last = values.length - 1;
  const stops = values.map(Number),
    choices = get("choices"),
    chooses = choices.length > 0;
  const moving = get("curves").map((curves) => curves.map((stops) => stops.map(heights)));
  const fixed = get("references").map(heights);
  const measured = get("measures"),
    readings = get("readings").map((all) => all.map((texts) => texts.split(" ")));
  const asks = get("question") !== "";
  const hidden = () => asks && get("guess") === null;
  // Before the guess the curves rest where they started, so that they do not tell the answer.
  const stop = () => stops.indexOf(hidden() ? get("start") : get("value"));
  const selected = () => stops.indexOf(get("value")),
    pick = () => (chooses ? choices.indexOf(get("choice")) : 0);

  const root = add(el, "div", { class: "actlib-widget sweep", role: "group", "aria-label": get("title") });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "img" });
  const frame = axes(svg),
    { plot } = frame;
  const path = (kind, parent = plot) => add(parent, "path", { class: kind });
  const still = fixed.map((_, i) => path(`fixed fixed-${i}`));
  const lines = get("names").map((_, i) => path(`line line-${i}`));
  const marks = get("points") ? get("names").map((_, i) => path(`dots line-${i}`, svg)) : [];
  const labels = [
    ...get("names").map((name, i) => add(svg, "text", { class: `label line-${i}` }, name)),
    ...get("reference_names").map((name) => add(svg, "text", { class: "label fixed" }, name)),
  ];

  const controls = add(root, "div", { class: "controls" });
  const select = chooses ? choice(controls, get("choice_label"), choices) : undefined;
  const row = control(controls, get("parameter"), { type: "range", min: 0, max: last });
  const numbers = measured.length > 0 ? add(root, "p", { class: "numbers" }) : undefined;
  const readouts = numbers ? measured.map(() => add(numbers, "span")) : [];
  const asked = asks
    ? ask(root, {
        question: get("question"),
        note: `The curves stay at ${get("parameter")} = ${typeset(values[stops.indexOf(get("start"))])} until you check your guess.`,
        rests: [svg, numbers],
        guess: () => get("value"),
        begin: get("start"),
        answer: () => closest(stops, Number(get("answers")[pick()])),
        put: (value, guessed) => put({ value, guess: guessed ? value : null }),
      })
    : undefined;
  const put = writer(model, root, () =>
    [
      ...(chooses ? [get("choice")] : []),
      `${get("parameter")} = ${row.value.textContent}`,
      ...readouts.map((span) => span.textContent),
    ].join(", "),
  );

  /** @type {number} */
  let width;
  /** @type {import("./plot.js").Place} */
  let place;

  /** Draw all that stays when the parameter moves. */
  function drawFrame() {
    const margin = Math.max(...labels.map((label) => label.getComputedTextLength())) + 14;
    place = frame.draw({
      width,
      x: [xs[0], xs.at(-1)],
      y: range,
      log: get("powers"),
      step: get("points") ? 1 : 0,
      margin,
      names: [get("x_label"), get("y_label")],
    });
    still.forEach((line_, i) => line_.setAttribute("d", line(xs, fixed[i], place.X, place.Y)));
    labels.forEach((label) => label.setAttribute("x", place.right + 8));
  }

  /** Draw what moves. */
  function drawCurves() {
    const { X, Y, top, bottom } = place,
      now = pick(),
      chosen = get("choice");
    const shown = moving[now].map((stops) => stops[stop()]);
    lines.forEach((line_, i) => line_.setAttribute("d", line(xs, shown[i], X, Y)));
    marks.forEach((mark, i) => mark.setAttribute("d", dots(xs, shown[i], range, X, Y)));
    // A line is named beside the plot, level with its last point.
    const ends = [...shown, ...fixed].map((ys) => ys.findLast(Number.isFinite));
    const drawn = labels.filter((_, i) => ends[i] !== undefined);
    const levels = ends
      .filter((end) => end !== undefined)
      .map((end) => Math.min(Math.max(Y(end), top), bottom));
    labels.forEach((label) => label.setAttribute("y", -99));
    apart(levels, tallest(labels), [top, bottom]).forEach((y, i) => drawn[i].setAttribute("y", y + 4.5));

    frame.title.textContent = [
      `${get("title")}: ${get("names").join(", ")}`,
      ...(chosen ? [chosen] : []),
      `${get("parameter")} = ${typeset(values[stop()])}`,
    ].join("; ");
    tell(row, selected(), values[selected()]);
    readouts.forEach((span, i) => {
      span.textContent = reading(measured[i], hidden() ? undefined : readings[now][i][stop()]);
    });
    if (select) select.value = now;
    if (asked) {
      const [first, final] = get("right")[now],
        guess = get("guess");
      asked.tell(
        hidden()
          ? ""
          : verdict(
              asked.told() ? undefined : first <= guess && guess <= final,
              get("parameter"),
              values[stops.indexOf(guess)],
              get("answers")[now],
              chosen && ` for ${chosen}`,
            ),
      );
    }
  }

  row.input.addEventListener("input", () => put({ value: stops[row.input.value] }));
  if (select) select.addEventListener("change", () => put({ choice: choices[select.value] }));
  let from;
  drag(
    svg,
    ({ type, clientX }) => {
      if (type === "pointerdown") from = { x: clientX, stop: selected() };
      const value = stops[dragged(from.stop, (clientX - from.x) / (place.right - place.left), last)];
      if (value !== get("value")) put({ value });
    },
    true,
  );

  const stopped = follow(
    model,
    root,
    (now) => {
      width = now;
      drawFrame();
      drawCurves();
    },
    { value: drawCurves, choice: drawCurves, guess: drawCurves },
  );
  return () => {
    stopped();
    put.cancel();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  choice: among("choices"),
  value: (text, get) =>
    get("values")
      .map(Number)
      .find((value) => String(value) === text),
};

export default { render, settings };
