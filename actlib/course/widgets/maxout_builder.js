// Lines that the reader drags, the largest of them, and how far that is from a convex target. Computes what
// it shows but for the best fits; the tests compare that with actlib.

import {
  add,
  among,
  ask,
  axes,
  between,
  button,
  choice,
  control,
  drag,
  follow,
  line,
  reading,
  scale,
  tell,
  typeset,
  writer,
} from "./plot.js";

// Parts of the width of the visible piece of a line that lie outside its handles.
const INSET = 0.1;
// Pixels between the middles of two handles that do not cover one another.
const APART = 20;

/** The largest of the lines, each a slope and an intercept, at x. */
export const height = (lines, x) => Math.max(...lines.map(([w, b]) => w * x + b));

/** Both ends and every crossing of two lines between them, in order: the largest bends nowhere else. */
export function bends(lines, [low, high]) {
  const points = [low, high];
  lines.forEach(([w, b], i) =>
    lines.slice(i + 1).forEach(([v, c]) => {
      const x = (c - b) / (w - v); // no number where they are parallel
      if (low < x && x < high) points.push(x);
    }),
  );
  return points.sort((a, b) => a - b);
}

// By name: the height at x, and where a line of slope w may be farthest above.
const EXACT = {
  "x²": { height: (x) => x * x, touches: (w) => [w / 2] },
  "|x|": { height: Math.abs, touches: () => [0] },
};

/** A target by name, or the broken line through evenly spaced samples. */
export function target(name, samples, [low, high]) {
  if (EXACT[name]) return EXACT[name];
  const ys = samples.split(" ").map(Number),
    last = ys.length - 1,
    X = scale([0, last], [low, high]);
  const xs = ys.map((_, i) => X(i));
  return {
    height: (x) => {
      const at = scale([low, high], [0, last])(x),
        i = Math.min(Math.floor(at), last - 1);
      return ys[i] + (at - i) * (ys[i + 1] - ys[i]);
    },
    touches: () => xs,
  };
}

/** The largest distance of the largest line from a convex target, and the leftmost x that has it. */
export function largestError(lines, goal, ends) {
  // Between two bends target less line is convex: it is largest at a bend and smallest at a touch.
  const touches = new Set(lines.flatMap(([w]) => goal.touches(w)).filter((x) => ends[0] < x && x < ends[1]));
  let worst = { error: -1 };
  for (const x of [...bends(lines, ends), ...touches].sort((a, b) => a - b)) {
    const error = Math.abs(height(lines, x) - goal.height(x));
    if (error > worst.error * (1 + 1e-9)) worst = { error, x };
  }
  return worst;
}

/** Where a line's two handles stand: inside the piece of it that the plot shows, or at its edge. */
export function handles([w, b], [left, right], [low, high]) {
  const at = [(low - b) / w, (high - b) / w].sort((p, q) => p - q);
  let from = w ? Math.max(left, at[0]) : left,
    to = w ? Math.min(right, at[1]) : right;
  const least = 0.25 * (right - left),
    middle = Math.min(Math.max((from + to) / 2, left + least / 2), right - least / 2);
  if (!(to - from > least)) [from, to] = [middle - least / 2, middle + least / 2];
  return [from + INSET * (to - from), to - INSET * (to - from)].map((x) => [
    x,
    Math.min(Math.max(w * x + b, low), high),
  ]);
}

/** Where the handles of all lines stand on a plot: one slides along its line if it would cover an earlier one. */
export function places(lines, ends, view, { X, Y }) {
  const taken = [];
  return lines.map((piece) =>
    handles(piece, ends, view).map((point, side, both) => {
      const spots = [0, 1, 2, 3, 4, 5].map((step) =>
        point.map((from, k) => from + 0.09 * step * (both[1 - side][k] - from)),
      );
      const free =
        spots.find(([x, y]) => taken.every(([p, q]) => Math.hypot(X(x) - X(p), Y(y) - Y(q)) >= APART)) ??
        point;
      taken.push(free);
      return free;
    }),
  );
}

/** A number within two ends, in hundredths. */
export const within = (value, [low, high]) => Number(Math.min(Math.max(value, low), high).toFixed(2));

function render({ model, el }) {
  const get = (name) => model.get(name);
  const names = get("targets"),
    ends = get("x_range"),
    aim = () => names.indexOf(get("target")),
    view = () => get("y_ranges")[aim()],
    most = get("most");
  const goals = names.map((name, i) => target(name, get("samples")[i], ends));
  const asks = get("question") !== "",
    hidden = () => asks && get("guess") === null;
  const selected = () => Math.min(get("selected"), get("lines").length - 1);
  const goal = () => goals[aim()],
    chosen = () => get("lines")[selected()];
  const best = (count, at = aim()) => get("best")[at][count - 1].split(" ").map(Number);
  const fitted = (numbers) =>
    Array.from({ length: (numbers.length - 1) / 2 }, (_, i) => numbers.slice(2 * i + 1, 2 * i + 3));
  const some = (count) => `${count} line${count > 1 ? "s" : ""}`;
  const five = (value) => (value ? value.toPrecision(5) : 0);
  const short = (value) => typeset(Number(value.toFixed(4)));

  const root = add(el, "div", {
    class: "actlib-widget maxout-builder",
    role: "group",
    "aria-label": get("title"),
  });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "img" }),
    frame = axes(svg),
    { plot } = frame;
  const lines = Array.from({ length: most }, () => add(plot, "path"));
  const [envelope, wanted] = ["line-0 largest", "line line-1"].map((kind) =>
    add(plot, "path", { class: kind }),
  );
  const worst = add(svg, "path", { class: "gap" });
  const grips = lines.map(() =>
    [0, 1].map(() => {
      const grip = add(svg, "g", { class: "handle" });
      add(grip, "circle", { r: 20, class: "reach" });
      add(grip, "circle", { r: 10 });
      return { grip, text: add(grip, "text", { "text-anchor": "middle", y: 4.5 }) };
    }),
  );

  add(
    root,
    "p",
    {},
    "Thick line: the largest of the lines. Dashed: the target. Upright bar: where they differ most.",
  );
  const numbers = add(root, "p", { class: "numbers" });
  const [error, place, least] = [0, 1, 2].map(() => add(numbers, "span"));
  const controls = add(root, "div", { class: "controls" });
  const picker = choice(controls, "target", names);
  const which = choice(
    controls,
    "line",
    lines.map((_, i) => i + 1),
  );
  const rows = ["slope w", "intercept b"].map((name, k) => {
    const [min, max] = get("limits")[k];
    const row = control(controls, name, { type: "range", min, max, step: 0.01 });
    row.input.addEventListener("input", () => change((line) => line.with(k, Number(row.input.value))));
    return row;
  });
  button(root, "Add a line", () => {
    const count = get("lines").length;
    if (count === most) return;
    // The new line is level and stands where the handles around it are farthest.
    const { X, Y } = scales,
      taken = places(get("lines"), ends, view(), scales).flat();
    const room = (level) =>
      Math.min(
        ...handles([0, level], ends, view()).flatMap(([x, y]) =>
          taken.map(([p, q]) => Math.hypot(X(x) - X(p), Y(y) - Y(q))),
        ),
      );
    const levels = Array.from({ length: 10 }, (_, i) =>
      within(scale([0, 10], view())(i + 0.5), get("limits")[1]),
    );
    const level = levels.reduce((best, next) => (room(next) > room(best) ? next : best));
    put({ lines: [...get("lines"), [0, level]], selected: count });
  });
  const remove = button(root, "", () => {
    const left = get("lines").toSpliced(selected(), 1);
    if (left.length) put({ lines: left, selected: Math.min(selected(), left.length - 1) });
  });
  const fit = button(root, "", () => {
    put({ lines: fitted(best(get("lines").length)) });
  });
  const aimed = get("asked"),
    pieces = get("pieces");
  let missed = false;
  const asked = asks
    ? ask(root, {
        question: get("question"),
        note: "The best fit stays hidden until you check your lines.",
        hint: "Move a line, or add one, before you check them.",
        name: "Check my lines",
        guess: () => get("lines"),
        begin: get("lines"),
        answer: () => fitted(best(pieces, names.indexOf(aimed))),
        put: (to, guessed) => {
          missed = to === get("lines") && guessed && (get("target") !== aimed || to.length !== pieces);
          const guess = guessed ? largestError(to, goals[names.indexOf(aimed)], ends).error : null;
          put(missed ? {} : { target: aimed, lines: to, guess });
          draw();
        },
      })
    : undefined;
  const put = writer(
    model,
    root,
    () =>
      `${some(get("lines").length)}; line ${selected() + 1}: slope ${
        rows[0].value.textContent
      }, intercept ${rows[1].value.textContent}; ${error.textContent} ${place.textContent}`,
  );
  const measured = () => largestError(get("lines"), goal(), ends);

  /** Put another line in the place of the selected one. */
  const change = (make) => put({ lines: get("lines").with(selected(), make(chosen())) });

  let width, scales, held;

  function draw() {
    const all = get("lines"),
      count = all.length,
      { error: size, x } = measured(),
      now = selected();
    scales = frame.draw({ width, x: ends, y: view(), names: ["x", ""] });
    const { X, Y } = scales,
      xs = Array.from({ length: 201 }, (_, i) => scale([0, 200], ends)(i)),
      turns = bends(all, ends);
    wanted.setAttribute("d", line(xs, xs.map(goal().height), X, Y));
    envelope.setAttribute(
      "d",
      line(
        turns,
        turns.map((turn) => height(all, turn)),
        X,
        Y,
      ),
    );
    // The bar is not clipped at the sides, so that it shows at an end of the interval.
    const [from, to] = [height(all, x), goal().height(x)].map((h) =>
      Y(Math.min(Math.max(h, view()[0]), view()[1])),
    );
    worst.setAttribute("d", `M${X(x)} ${from}V${to}`);
    const standing = places(all, ends, view(), scales);
    lines.forEach((path, i) => {
      const points = i < count && ends.map((end) => all[i][0] * end + all[i][1]);
      path.setAttribute("d", points ? line(ends, points, X, Y) : "");
      path.setAttribute("class", i === now ? "piece chosen" : "piece");
      const at = points && (held?.index === i ? held.at : standing[i]);
      grips[i].forEach(({ grip, text }, k) => {
        grip.setAttribute(
          "transform",
          at ? `translate(${X(at[k][0])} ${Y(at[k][1])})` : "translate(-99 -99)",
        );
        grip.setAttribute("class", i === now ? "handle chosen" : "handle");
        text.textContent = at ? String(i + 1) : "";
      });
    });
    frame.title.textContent = `${get("title")}: the largest of ${some(count)} and ${get("target")}`;
    error.textContent = reading("largest error", five(size));
    place.textContent = reading("at x", short(x));
    least.textContent = hidden() ? "" : reading(`least for ${some(count)}`, five(best(count)[0]));
    picker.value = aim();
    [...which.options].forEach((option, i) => {
      option.hidden = option.disabled = i >= count;
    });
    which.value = String(now);
    rows.forEach((row, k) => tell(row, chosen()[k], short(chosen()[k])));
    remove.textContent = `Remove line ${now + 1}`;
    remove.setAttribute("aria-disabled", String(count === 1));
    fit.textContent = `Best fit with ${some(count)}`;
    fit.hidden = hidden();
    if (asked) {
      const guess = get("guess"),
        goalError = Number(get("answer"));
      const right = guess <= goalError * (1 + get("tolerance")) + 1e-9;
      const can = `ith ${some(pieces)} it can be ${typeset(get("answer"))} for ${aimed}.`;
      const start = right ? "Yes" : `Your largest error is ${typeset(guess?.toPrecision(3))}`;
      const judged = asked.told() ? `W${can}` : `${start}: w${can}`;
      const elsewhere = `The question is about ${some(pieces)} and ${aimed}.`;
      asked.tell(missed ? elsewhere : hidden() ? "" : judged, hidden());
    }
  }

  picker.addEventListener("change", () => put({ target: names[picker.value] }));
  which.addEventListener("change", () => put({ selected: Number(which.value) }));
  drag(svg, ({ type, pointerType, target: on, clientX, clientY }) => {
    const box = svg.getBoundingClientRect(),
      { X, Y, left, right, top, bottom } = scales;
    const x = ((clientX - box.left) / box.width) * width,
      y = ((clientY - box.top) / box.width) * width;
    const at = [scale([left, right], ends)(x), scale([bottom, top], view())(y)];
    if (type === "pointerdown") {
      // A finger that is not on a handle scrolls the page; a mouse takes the nearest handle.
      const finger = pointerType === "touch";
      const near = places(get("lines"), ends, view(), scales)
        .flatMap((both, index) =>
          both.map((point, side) => ({
            index,
            side,
            point,
            both,
            off: Math.hypot(X(point[0]) - x, Y(point[1]) - y),
          })),
        )
        .filter(({ index, side }) => !finger || grips[index][side].grip.contains(/** @type {Node} */ (on)))
        .sort((a, b) => a.off - b.off)[0];
      held = near && { ...near, from: at, at: near.both };
      if (near) put({ selected: near.index });
      return;
    }
    if (!held) return;
    const { side, point, both, from } = held,
      other = both[1 - side];
    // The handle stays on its side of the other, which is the pivot.
    const reach = 0.1 * (ends[1] - ends[0]),
      to = point[0] + at[0] - from[0];
    const moved = [
      side ? Math.max(to, other[0] + reach) : Math.min(to, other[0] - reach),
      point[1] + at[1] - from[1],
    ];
    const w = within((moved[1] - other[1]) / (moved[0] - other[0]), get("limits")[0]);
    held.at = both.with(side, moved);
    put({ lines: get("lines").with(held.index, [w, within(other[1] - w * other[0], get("limits")[1])]) });
  });
  svg.addEventListener("lostpointercapture", () => {
    held = undefined;
    draw();
  });

  const stop = follow(
    model,
    root,
    (now) => {
      width = now;
      draw();
    },
    { lines: draw, selected: draw, target: draw, guess: draw },
  );
  return () => {
    stop();
    put.cancel();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  target: among("targets"),
  lines: (text, get) => {
    const lines = text.split(",").map((pair) => {
      const parts = pair.split(" ");
      return get("limits").map(([low, high], k) => between(low, high)(parts[k] ?? "", get));
    });
    return lines.length <= get("most") && !lines.flat().includes(undefined) ? lines : undefined;
  },
};

export default { render, settings };
