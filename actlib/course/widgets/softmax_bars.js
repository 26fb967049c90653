// Logits as bars to drag, their softmax, its Jacobian, and two losses' gradients for a class that is true.
// Computes what it shows; the tests compare that with actlib.

import {
  add,
  among,
  ask,
  between,
  button,
  choice,
  closest,
  control,
  drag,
  follow,
  reading,
  scale,
  tallest,
  tell,
  ticks,
  typeset,
  verdict,
  widest,
  writer,
} from "./plot.js";

// Heights on the screen: the ends of both plots, one below the other, and of the whole.
const LOGITS = [30, 200],
  SHARES = [262, 362],
  WHOLE = 370;

const sum = (values) => values.reduce((total, value) => total + value, 0);
const others = (values, index) => sum(values.filter((_, i) => i !== index));

/** How far each logit is under the largest, in units of the temperature. */
const depths = (logits, temperature) => logits.map((z) => (z - Math.max(...logits)) / temperature);

/** The probabilities: none overflows, as no exponent is positive, and their sum is at least 1 before the division. */
export function softmax(logits, temperature) {
  const powers = depths(logits, temperature).map(Math.exp);
  return powers.map((power) => power / sum(powers));
}

/** (diag(p) − p pᵀ)/T. What the others have replaces 1 − p, which loses its digits as p nears 1. */
export const jacobian = (p, temperature) =>
  p.map((a, i) => p.map((b, j) => (a * (i === j ? others(p, i) : -b)) / temperature));

/** The largest eigenvalue of a symmetric matrix that has no negative one: its largest singular value. */
export function norm(matrix) {
  let logarithm = 0;
  // The size of a high power is that of its largest eigenvalue; squared 43 times, all else has gone.
  for (let share = 1; share > 1e-13; share /= 2) {
    const top = Math.max(...matrix.flat());
    if (!top) return 0;
    logarithm += share * Math.log(top);
    const unit = matrix.map((row) => row.map((value) => value / top));
    matrix = unit.map((row) => unit.map((other) => sum(row.map((value, k) => value * other[k]))));
  }
  return Math.exp(logarithm);
}

/** Cross-entropy, −log p of the true class, and squared error, Σ(p − y)², each with its gradient by logit. */
export function losses(logits, temperature, truth) {
  const p = softmax(logits, temperature),
    deep = depths(logits, temperature);
  const off = p.map((a, i) => (i === truth ? -others(p, i) : a));
  const rest = others(deep.map(Math.exp), deep.indexOf(0));
  return [
    { loss: Math.log1p(rest) - deep[truth], gradient: off.map((o) => o / temperature) },
    {
      loss: sum(off.map((o) => o * o)),
      gradient: p.map((a, i) => (2 * sum(p.map((b, j) => a * b * (off[i] - off[j])))) / temperature),
    },
  ];
}

/** A table with a caption and headed rows; return its cells row by row. */
function table(parent, kind, title, heads, rows) {
  const made = add(parent, "table", { class: kind });
  add(made, "caption", {}, title);
  const first = add(made, "tr");
  add(first, "td");
  for (const head of heads) add(first, "th", { scope: "col" }, head);
  return rows.map((name) => {
    const row = add(made, "tr");
    add(row, "th", { scope: "row" }, name);
    return heads.map(() => add(row, "td"));
  });
}

/** Write a number into a cell; its style sheet draws the share of the whole, from −1 to 1. */
function write(cell, text, share) {
  cell.textContent = typeset(text);
  cell.style.setProperty("--share", share.toFixed(4));
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const names = get("names"),
    stops = get("temperatures"),
    count = names.length,
    asks = get("question") !== "";
  const hidden = () => asks && get("guess") === null;
  // Before the guess all rests at the first temperature, so that it does not tell the answer.
  const temperature = () => (hidden() ? get("start") : get("temperature"));
  const range = [-get("reach"), get("reach")];

  const root = add(el, "div", {
    class: "actlib-widget softmax-bars",
    role: "group",
    "aria-label": get("title"),
  });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "img" }),
    frame = add(svg, "g");
  const columns = names.map((name) => {
    const [logit, share, handle] = ["logit", "share", "handle"].map((kind) =>
      add(svg, "rect", { class: kind }),
    );
    const texts = ["", "", name].map((text) => add(svg, "text", { "text-anchor": "middle" }, text));
    return { logit, share, handle, texts };
  });

  const controls = add(root, "div", { class: "controls" });
  const heat = control(controls, "temperature T", { type: "range", min: 0, max: stops.length - 1 });
  const rows = names.map((name, i) => {
    const row = control(controls, `logit of ${name}`, { type: "range", step: 0.1 });
    row.input.addEventListener("input", () => move(i, row.input.value));
    return row;
  });
  for (const [text, step] of [
    ["Add 1 to all logits", 1],
    ["Subtract 1", -1],
  ])
    button(root, text, () => shift(step));
  const shifted = add(root, "p");
  const asked = asks
    ? ask(root, {
        question: get("question"),
        note: `Probabilities, losses and Jacobian stay at T = ${get("start")} until you check your guess.`,
        rests: [svg],
        guess: () => get("temperature"),
        begin: get("start"),
        answer: () => closest(stops, Number(get("answer"))),
        put: (temperature, guessed) =>
          put({ temperature, guess: guessed ? temperature : null, logits: get("asked") }),
      })
    : undefined;

  const picker = add(root, "div", { class: "controls" });
  const truth = choice(picker, "true class", names);
  const read = add(root, "p", { class: "numbers" });
  const [entropy, square, largest, bound] = Array.from({ length: 4 }, () => add(read, "span"));
  const tables = add(root, "div", { class: "tables" });
  const slopes = table(
    tables,
    "slopes",
    "Gradient of the loss by logit",
    ["cross-entropy", "squared error"],
    names,
  );
  const cells = table(
    tables,
    "heat",
    "Jacobian: ∂p of the row by ∂logit of the column; each row sums to 0",
    names,
    names,
  );

  const put = writer(model, root, () => `T = ${heat.value.textContent}, ${summary()}`);
  const summary = () =>
    names.map((name, i) => `p of ${name} = ${columns[i].texts[1].textContent}`).join(", ");

  function move(index, to) {
    const value = Number(Math.min(Math.max(to, range[0]), range[1]).toFixed(1));
    shifted.textContent = "";
    put({ logits: get("logits").map((z, i) => (i === index ? value : z)) });
  }

  function shift(step) {
    const before = softmax(get("logits"), temperature()),
      logits = get("logits").map((z) => Number((z + step).toFixed(1)));
    const change = Math.max(...softmax(logits, temperature()).map((p, i) => Math.abs(p - before[i])));
    shifted.textContent = `All logits ${step < 0 ? "fell" : "rose"} by 1; the largest change of a probability is ${typeset(
      change.toPrecision(2),
    )}.`;
    put({ logits });
  }

  let width, place;

  function draw() {
    const logits = get("logits"),
      T = temperature(),
      p = softmax(logits, T),
      y = names.indexOf(get("truth"));
    // The plot grows with the logits and never shrinks: it must not move under a finger.
    range[0] = Math.min(range[0], ...logits);
    range[1] = Math.max(range[1], ...logits);
    const pad = 0.17 * (range[1] - range[0]),
      levels = ticks(range[0], range[1], 4),
      parts = [0, 0.5, 1];
    const left = widest(svg, [...levels, ...parts].map(typeset)) + 12,
      right = width - 6,
      step = (right - left) / count;
    // Where names or numbers are too wide to stand side by side, every other one stands a row farther.
    const row = tallest(columns.map(({ texts }) => texts[2])),
      shift = (texts, kind) => (widest(svg, texts, kind) + 4 > step ? row : 0);
    const name = shift(names, "true"),
      number = shift(logits.map((z) => typeset(z.toFixed(1))));
    const shares = SHARES.map((height) => height + name);
    const Y = scale([range[0] - pad, range[1] + pad], [LOGITS[1], LOGITS[0]]),
      P = scale([0, 1], [shares[1], shares[0]]);
    place = {
      left,
      step,
      range: (at) => scale([LOGITS[1], LOGITS[0]], [range[0] - pad, range[1] + pad])(at),
    };
    svg.setAttribute("viewBox", `0 0 ${width} ${WHOLE + name}`);
    frame.replaceChildren();
    for (const { at, marks, title, top } of [
      { at: Y, marks: levels, title: "logit", top: LOGITS[0] },
      { at: P, marks: parts, title: "probability", top: shares[0] },
    ]) {
      add(frame, "text", { class: "axis-name", x: 2, y: top - 16 }, title);
      for (const mark of marks) {
        add(frame, "path", { class: mark ? "grid" : "axis", d: `M${left} ${at(mark)}H${right}` });
        add(frame, "text", { x: left - 7, y: at(mark) + 4.5, "text-anchor": "end" }, typeset(mark));
      }
    }
    columns.forEach(({ logit, share, handle, texts }, i) => {
      const z = logits[i],
        middle = left + (i + 0.5) * step,
        wide = Math.min(0.62 * step, 56);
      const tip = Y(z),
        zero = Y(Math.min(Math.max(0, range[0] - pad), range[1] + pad));
      const box = (rect, x, y, w, h) =>
        ["x", "y", "width", "height"].forEach((name, k) => rect.setAttribute(name, [x, y, w, h][k]));
      box(logit, middle - wide / 2, Math.min(tip, zero), wide, Math.abs(tip - zero));
      box(share, middle - wide / 2, P(p[i]), wide, shares[1] - P(p[i]));
      box(handle, middle - wide / 2 - 4, tip - 5, wide + 8, 10);
      texts[0].textContent = typeset(z.toFixed(1));
      texts[1].textContent = p[i].toFixed(3);
      const odd = i % 2,
        beyond = z < 0 ? 20 + odd * number : -10 - odd * number;
      [tip + beyond, P(p[i]) - 6, LOGITS[1] + 20 + odd * name].forEach((height, k) => {
        texts[k].setAttribute("x", middle);
        texts[k].setAttribute("y", height);
      });
      texts[2].setAttribute("class", i === y ? "true" : "");
      [rows[i].input.min, rows[i].input.max] = range;
      tell(rows[i], z, z.toFixed(1));
    });

    const both = losses(logits, T, y),
      matrix = jacobian(p, T);
    const most = Math.max(...both.flatMap(({ gradient }) => gradient.map(Math.abs))) || 1;
    both.forEach(({ gradient }, k) =>
      gradient.forEach((g, i) => write(slopes[i][k], g ? g.toPrecision(3) : 0, g / most)),
    );
    // No entry is larger than 1/(4T).
    matrix.forEach((row, i) =>
      row.forEach((entry, j) =>
        write(cells[i][j], entry.toFixed(3).replace("-0.000", "0.000"), 4 * T * entry),
      ),
    );
    entropy.textContent = reading("cross-entropy", both[0].loss.toPrecision(5));
    square.textContent = reading("squared error", both[1].loss.toPrecision(5));
    largest.textContent = reading("largest singular value", norm(matrix).toPrecision(5));
    bound.textContent = reading("its bound 1/(2T)", (0.5 / T).toPrecision(5));
    tell(heat, stops.indexOf(get("temperature")), get("temperature"));
    truth.value = y;
    svg.setAttribute("aria-label", `${get("title")}: T = ${T}, ${summary()}`);
    if (asked) {
      const [first, last] = get("right"),
        guess = get("guess");
      asked.tell(
        hidden()
          ? ""
          : verdict(
              asked.told() ? undefined : first <= guess && guess <= last,
              "T",
              guess,
              get("answer"),
              ` for the logits ${get("asked").map(typeset).join(", ")}`,
            ),
      );
    }
  }

  heat.input.addEventListener("input", () => {
    shifted.textContent = "";
    put({ temperature: stops[heat.input.value] });
  });
  truth.addEventListener("change", () => put({ truth: names[truth.value] }));
  let held;
  drag(svg, ({ type, pointerType, target, clientX, clientY }) => {
    const box = svg.getBoundingClientRect(),
      zoom = width / box.width;
    const y = (clientY - box.top) * zoom;
    if (type === "pointerdown") {
      held = Math.floor(((clientX - box.left) * zoom - place.left) / place.step);
      // A finger that is not on a handle scrolls the page.
      if (y > LOGITS[1] || (pointerType === "touch" && !columns.some(({ handle }) => handle === target)))
        held = -1;
    }
    if (columns[held]) move(held, place.range(y));
  });

  const stop = follow(
    model,
    root,
    (now) => {
      width = now;
      draw();
    },
    { logits: draw, temperature: draw, truth: draw, guess: draw },
  );
  return () => {
    stop();
    put.cancel();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  logits: (text, get) => {
    const logits = text.split(" ").map((part) => between(-get("reach"), get("reach"))(part, get));
    return logits.length === get("names").length && !logits.includes(undefined) ? logits : undefined;
  },
  temperature: among("temperatures"),
  truth: among("names"),
};

export default { render, settings };
