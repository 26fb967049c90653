// A sum of hinges that the reader bends towards a target, one of a list or drawn by hand. Computed in the page.

import { exp, sin } from "../../live/elementary.js";
import { drawing, filled, places, reads } from "./drawing.js";
import {
  add,
  among,
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
  writer,
} from "./plot.js";
import { short } from "./stage.js";

/** Errors are read at so many points, evenly spaced. */
export const POINTS = 401;
/** In a search, how many halvings of the distance, steps to each side of a bend, and the finest step. */
const HALVINGS = 14;
const NEAR = 8;
const FINEST = 0.0005;
/** The steepest line that a search tries. */
const STEEP = 5;
/** The least between two bends that are dragged, as a part of the width. */
const GAP = 0.02;

export const OWN = "your own";
export const TARGETS = {
  "|x|": Math.abs,
  "x²/2": (x) => (x * x) / 2,
  "sin 2x": (x) => sin(2 * x),
  "a bump": (x) => 2 * exp(-2 * x * x),
};

/** The height at x of a line that starts at the left end with a height and a slope, and its hinges. */
export const height = ([h, slope], hinges, low, x) =>
  hinges.reduce((sum, [b, c]) => sum + c * Math.max(x - b, 0), h + slope * (x - low));

/** The largest distance, the first place that has it, and the mean. */
export function errors(xs, ys, goal) {
  const off = ys.map((y, i) => Math.abs(y - goal[i])),
    largest = Math.max(...off);
  return { largest, x: xs[off.indexOf(largest)], mean: off.reduce((sum, each) => sum + each) / off.length };
}

/** The corners of the sum: both ends and its bends, from left to right, each with the index of its hinge. */
export const corners = (start, hinges, [low, high]) =>
  [[low, -1], ...hinges.map(([b], i) => [b, i]).sort((p, q) => p[0] - q[0]), [high, -2]].map(
    ([x, index]) => ({
      x,
      y: height(start, hinges, low, x),
      index,
    }),
  );

/** The start and the hinges of a broken line through corners, in the order of their indices. */
export function bentThrough(points) {
  const slopes = points.slice(1).map((p, i) => (p.y - points[i].y) / (p.x - points[i].x)),
    hinges = [];
  points.slice(1, -1).forEach(({ x, index }, i) => {
    hinges[index] = [x, slopes[i + 1] - slopes[i]];
  });
  return { start: [points[0].y, slopes[0]], hinges };
}

/** The part of a convex polygon of points (u, s) where sign (u + s d) is not above sign bound. */
function clipped(polygon, d, bound, sign) {
  const above = polygon.map(([u, s]) => sign * (u + s * d - bound));
  if (above.every((each) => each <= 0)) return polygon;
  const made = [];
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [here, before] = [above[i], above[j]];
    if (here < 0 !== before < 0 && here !== 0 && before !== 0) {
      const part = before / (before - here),
        [u, s] = polygon[j];
      made.push([u + part * (polygon[i][0] - u), s + part * (polygon[i][1] - s)]);
    }
    if (here <= 0) made.push(polygon[i]);
  }
  return made;
}

/**
 * The corners of a broken line of so many pieces that passes every sample within `off`, or undefined.
 * @param {number[]} xs
 * @param {number[]} ys
 * @param {number} off
 * @param {number} pieces
 * @param {(piece: number, x: number) => boolean} ends whether a piece may end there
 */
function passing(xs, ys, off, pieces, ends) {
  const last = xs.length - 1;
  // The heights that so many pieces can reach at each sample: an interval, or none.
  const reach = [xs.map((_, i) => (i === 0 ? [ys[0] - off, ys[0] + off] : undefined))];
  for (let piece = 1; piece <= pieces; piece++) {
    const now = xs.map(() => /** @type {[number, number] | undefined} */ (undefined));
    reach[piece - 1].forEach((from, k) => {
      if (!from) return;
      // All lines from there that pass the samples on their way, by height and slope.
      let lines = [
        [from[0], -STEEP],
        [from[1], -STEEP],
        [from[1], STEEP],
        [from[0], STEEP],
      ];
      for (let i = k + 1; i <= last && lines.length; i++) {
        const d = xs[i] - xs[k];
        lines = clipped(clipped(lines, d, ys[i] + off, 1), d, ys[i] - off, -1);
        if (i < last && !ends(piece, xs[i])) continue;
        let [low, high] = now[i] ?? [Infinity, -Infinity];
        for (const [u, s] of lines) {
          low = Math.min(low, u + s * d);
          high = Math.max(high, u + s * d);
        }
        if (low <= high) now[i] = [low, high];
      }
    });
    reach.push(now);
  }
  const end = reach[pieces][last];
  if (!end) return undefined;
  const points = [{ x: xs[last], y: (end[0] + end[1]) / 2 }];
  for (let piece = pieces, i = last; piece > 0; piece--) {
    const y = points[0].y;
    let best;
    for (let k = piece - 1; k < i; k++) {
      const steep = STEEP * (xs[i] - xs[k]),
        from = reach[piece - 1][k] ?? [1, 0];
      let low = Math.max(from[0], y - steep),
        high = Math.min(from[1], y + steep);
      for (let m = k + 1; m < i && low <= high; m++) {
        const part = (xs[m] - xs[k]) / (xs[i] - xs[k]);
        low = Math.max(low, (ys[m] - off - part * y) / (1 - part));
        high = Math.min(high, (ys[m] + off - part * y) / (1 - part));
      }
      // With the most room the pieces before fit best.
      if (low <= high && !(best && best.room >= high - low))
        best = { k, y: (low + high) / 2, room: high - low };
    }
    if (!best) return undefined;
    points.unshift({ x: xs[best.k], y: best.y });
    i = best.k;
  }
  return points;
}

/** The broken line of so many pieces that is least far from samples, at most `high`, by halving. */
function closest(xs, ys, pieces, ends, high) {
  let low = 0,
    off = high,
    points = passing(xs, ys, off, pieces, ends);
  for (let halving = 0; points && halving < HALVINGS; halving++) {
    const middle = (low + off) / 2,
      found = passing(xs, ys, middle, pieces, ends);
    if (found) [off, points] = [middle, found];
    else low = middle;
  }
  return { off, points };
}

/** The start and the hinges with so many bends that are least far from a target, as far as a search can tell. */
export function searched(goal, ends, count) {
  // First with bends at few places, then with each near the place where it was best, ever nearer.
  const few = places(ends),
    ys = few.map(goal);
  const range = (Math.max(...ys) - Math.min(...ys)) / 2 + 1e-6;
  let best = closest(few, ys, count + 1, () => true, range);
  for (let step = (few[1] - few[0]) / 2; step > FINEST && best.points; step /= 4) {
    const bends = best.points.slice(1, -1).map(({ x }) => x);
    const close = bends.map((bend) =>
      places([bend - NEAR * step, bend + NEAR * step], 2 * NEAR + 1).filter(
        (x) => x > ends[0] && x < ends[1],
      ),
    );
    const sets = close.map((all) => new Set(all));
    const xs = [...new Set([...few, ...close.flat()])].sort((a, b) => a - b);
    const found = closest(
      xs,
      xs.map(goal),
      count + 1,
      (piece, x) => sets[piece - 1]?.has(x) ?? false,
      1.5 * best.off + 1e-6,
    );
    if (found.points) best = found;
  }
  return bentThrough((best.points ?? []).map((point, i) => ({ ...point, index: i - 1 })));
}

/** A number within two ends, in thousandths. */
export const within = (value, [low, high]) => Number(Math.min(Math.max(value, low), high).toFixed(3));

/** A sum of hinges as a formula. */
export function formula([h, slope], hinges, low) {
  const signed = (value) => `${value < 0 ? "−" : "+"} ${short(Math.abs(value))}`;
  const less = (b) => (b ? `x ${signed(-b)}` : "x");
  return [
    `${short(h)} ${signed(slope)} (${less(low)})`,
    ...hinges.map(([b, c]) => `${signed(c)} relu(${less(b)})`),
  ].join(" ");
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const ends = get("x_range"),
    view = get("y_range"),
    most = get("most"),
    limits = get("limits"),
    names = [...Object.keys(TARGETS), OWN],
    xs = places(ends, POINTS);
  const own = () => get("target") === OWN,
    selected = () => Math.min(get("selected"), get("hinges").length - 1);
  const bends = (count) => (count === 0 ? "no bend" : `${count} bend${count > 1 ? "s" : ""}`);

  /** The target's heights at some points, or undefined while the reader has drawn none. */
  function goal(at) {
    if (!own()) return at.map(TARGETS[get("target")]);
    if (get("drawn").length === 0) return undefined;
    const heights = filled(get("drawn"), 0),
      index = scale(ends, [0, heights.length - 1]);
    return at.map((x) => {
      const i = Math.min(Math.floor(index(x)), heights.length - 2);
      return heights[i] + (index(x) - i) * (heights[i + 1] - heights[i]);
    });
  }

  const root = add(el, "div", {
    class: "actlib-widget hinge-builder",
    role: "group",
    "aria-label": get("title"),
  });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "group" }),
    frame = axes(svg),
    { plot } = frame;
  const [wanted, sum] = ["line line-1", "line-0 sum"].map((kind) => add(plot, "path", { class: kind }));
  const worst = add(svg, "path", { class: "gap" });
  const pen = drawing(
    svg,
    "your target",
    () => get("drawn"),
    (drawn) => put({ drawn }),
  );
  const grips = Array.from({ length: most + 2 }, () => {
    const grip = add(svg, "g", { class: "handle" });
    add(grip, "circle", { r: 20, class: "reach" });
    add(grip, "circle", { r: 10 });
    return { grip, text: add(grip, "text", { "text-anchor": "middle", y: 4.5 }) };
  });
  const legend = add(root, "p");
  const equation = add(root, "p", { class: "equation" });
  const numbers = add(root, "p", { class: "numbers" });
  const [largest, mean] = [0, 1].map(() => add(numbers, "span"));
  const controls = add(root, "div", { class: "controls" });
  const picker = choice(controls, "target", names);
  const slider = (label, [min, max], move) => {
    const row = control(controls, label, { type: "range", min, max, step: 0.01 });
    row.input.addEventListener("input", () => move(Number(row.input.value)));
    return row;
  };
  const starts = ["height at the left end", "slope at the left end"].map((label, k) =>
    slider(label, [view, limits[1]][k], (value) => put({ start: get("start").with(k, value) })),
  );
  const which = choice(
    controls,
    "bend",
    Array.from({ length: most }, (_, i) => i + 1),
  );
  const rows = ["bend at b", "change of slope c"].map((label, k) =>
    slider(label, limits[k], (value) => {
      const all = get("hinges");
      if (all.length) put({ hinges: all.with(selected(), all[selected()].with(k, value)) });
    }),
  );
  const adds = button(root, "Add a bend", () => {
    const all = get("hinges"),
      points = corners(get("start"), all, ends);
    if (all.length === most) return;
    // In the middle of the widest piece; it does not bend the sum yet.
    const gaps = points.slice(1).map(({ x }, i) => x - points[i].x),
      widest = gaps.indexOf(Math.max(...gaps));
    const b = within((points[widest].x + points[widest + 1].x) / 2, limits[0]);
    put({ hinges: [...all, [b, 0]], selected: all.length });
  });
  const removes = button(root, "", () => {
    const all = get("hinges");
    if (all.length)
      put({
        hinges: all.toSpliced(selected(), 1),
        selected: Math.max(0, Math.min(selected(), all.length - 2)),
      });
  });
  // What the reader had before a search was shown, and what it found.
  let mine, found;
  const shows = button(root, "", () => {
    const had = measured();
    if (!had) return;
    if (get("hinges") !== found)
      mine = { start: get("start"), hinges: get("hinges"), selected: get("selected") };
    const best = kept(searched((x) => goal([x])?.[0] ?? 0, ends, get("hinges").length));
    found = best.hinges;
    put(best);
    said.textContent = `A search found this: its largest error is ${short(measured().largest)}. Before it was ${short(had.largest)}.`;
  });
  const returns = button(root, "Back to mine", () => {
    put(mine);
    forget();
    draw();
  });
  const clears = button(root, "Draw the target anew", () => put({ drawn: [] }));
  const said = add(root, "p", { role: "status" });
  const forget = () => {
    mine = found = undefined;
    said.textContent = "";
  };
  /** A start and hinges as the sliders have them. */
  const kept = ({ start, hinges }) => ({
    start: [within(start[0], view), within(start[1], limits[1])],
    hinges: hinges.map((hinge) => hinge.map((value, k) => within(value, limits[k]))),
  });
  const put = writer(model, root, () =>
    [`${bends(get("hinges").length)}: ${equation.textContent}`, largest.textContent, mean.textContent].join(
      "; ",
    ),
  );
  const measured = () => {
    const heights = goal(xs);
    return (
      heights &&
      errors(
        xs,
        xs.map((x) => height(get("start"), get("hinges"), ends[0], x)),
        heights,
      )
    );
  };

  let width, scales, held;

  function draw() {
    const start = get("start"),
      all = get("hinges"),
      count = all.length,
      now = selected(),
      errs = measured(),
      points = corners(start, all, ends);
    scales = frame.draw({ width, x: ends, y: view, names: ["x", ""] });
    const { X, Y } = scales,
      clamped = (y) => Y(Math.min(Math.max(y, view[0]), view[1]));
    wanted.setAttribute(
      "d",
      own() && get("drawn").length ? line(places(ends), get("drawn"), X, Y) : line(xs, goal(xs) ?? [], X, Y),
    );
    sum.setAttribute(
      "d",
      line(
        points.map(({ x }) => x),
        points.map(({ y }) => y),
        X,
        Y,
      ),
    );
    if (errs) {
      const [from, to] = [height(start, all, ends[0], errs.x), goal([errs.x])?.[0] ?? 0].map(clamped);
      worst.setAttribute("d", `M${X(errs.x)} ${from}V${to}`);
    } else worst.setAttribute("d", "");
    pen.lay(scales, ends, view, 0);
    pen.draw(own());
    grips.forEach(({ grip, text }, i) => {
      const point = points[i];
      grip.setAttribute(
        "transform",
        point ? `translate(${X(point.x)} ${clamped(point.y)})` : "translate(-99 -99)",
      );
      grip.setAttribute("class", point && point.index === now && count ? "handle chosen" : "handle");
      text.textContent = point && point.index >= 0 ? String(point.index + 1) : "";
    });
    frame.title.textContent = `${get("title")}: a sum with ${bends(count)}, and ${get("target")}`;
    legend.textContent = `Thick line: the sum. ${
      own() && !errs
        ? "Draw your target over the plot, with a finger or the mouse, or with nine handles from the keyboard."
        : "Dashed: the target. Upright bar: where they differ most."
    }`;
    equation.textContent = formula(start, all, ends[0]);
    largest.textContent = errs
      ? `${reading("largest error", short(errs.largest))} at x = ${short(Number(errs.x.toFixed(2)))}`
      : "largest error: after you draw a target";
    mean.textContent = errs ? reading("mean error", short(errs.mean)) : "";
    picker.value = String(names.indexOf(get("target")));
    starts.forEach((row, k) => tell(row, start[k], short(start[k])));
    [...which.options].forEach((option, i) => {
      option.hidden = option.disabled = i >= count;
    });
    which.value = String(now);
    for (const node of [which, ...rows.map(({ input }) => input)]) {
      const row = node.closest("label");
      if (row) row.hidden = count === 0;
    }
    if (count) rows.forEach((row, k) => tell(row, all[now][k], short(all[now][k])));
    adds.setAttribute("aria-disabled", String(count === most));
    removes.textContent = count ? `Remove bend ${now + 1}` : "Remove a bend";
    removes.setAttribute("aria-disabled", String(count === 0));
    shows.textContent = `Show the best with ${bends(count)}`;
    shows.setAttribute("aria-disabled", String(!errs));
    returns.hidden = mine === undefined;
    clears.hidden = !own();
  }

  picker.addEventListener("change", () => {
    forget();
    put({ target: names[picker.value] });
  });
  which.addEventListener("change", () => put({ selected: Number(which.value) }));
  grips.forEach(({ grip }, i) => {
    drag(grip, ({ type, clientX, clientY }) => {
      const box = svg.getBoundingClientRect(),
        { left, right, top, bottom } = scales,
        per = width / box.width;
      const x = scale([left, right], ends)((clientX - box.left) * per),
        y = scale([bottom, top], view)((clientY - box.top) * per);
      if (type === "pointerdown") {
        const points = corners(get("start"), get("hinges"), ends),
          point = points[i];
        // Where the pointer is on the handle; a corner outside the plot is taken from its edge.
        const shown = Math.min(Math.max(point.y, view[0]), view[1]);
        held = { points, dx: point.x - x, dy: shown - y };
        if (point.index >= 0) put({ selected: point.index });
        return;
      }
      const { points, dx, dy } = held,
        room = GAP * (ends[1] - ends[0]);
      const inner = points[i].index >= 0;
      const moved = {
        ...points[i],
        x: inner ? within(x + dx, [points[i - 1].x + room, points[i + 1].x - room]) : points[i].x,
        y: within(y + dy, view),
      };
      put(kept(bentThrough(points.with(i, moved))));
    });
  });

  const stop = follow(
    model,
    root,
    (now) => {
      width = now;
      draw();
    },
    { start: draw, hinges: draw, selected: draw, target: draw, drawn: draw },
  );
  return () => {
    stop();
    put.cancel();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = {
  target: among([...Object.keys(TARGETS), OWN]),
  start: (text, get) => {
    const [height, slope, ...more] = text.split(" ");
    const parts = [
      between(get("y_range")[0], get("y_range")[1])(height, get),
      between(get("limits")[1][0], get("limits")[1][1])(slope ?? "", get),
    ];
    return more.length || parts.includes(undefined) ? undefined : parts;
  },
  hinges: (text, get) => {
    if (text === "") return [];
    const hinges = text.split(",").map((pair) => {
      const parts = pair.split(" ");
      return get("limits").map(([low, high], k) => between(low, high)(parts[k] ?? "", get));
    });
    return hinges.length <= get("most") && !hinges.flat().includes(undefined) ? hinges : undefined;
  },
  drawn: reads,
};

export default { render, settings };
