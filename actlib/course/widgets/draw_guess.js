// The reader draws a curve before seeing it, and is told what was missed. The page computes the true curve.

import { ACTIVATIONS } from "../../live/activations.js";
import { drawing, filled, isLine, POINTS, places, reads } from "./drawing.js";
import { add, apart, ask, axes, follow, line, reading, tallest, writer } from "./plot.js";
import { short } from "./stage.js";

// The true curve is computed at so many points: ten times as close as those that are drawn.
const FINE = 10 * (POINTS - 1) + 1;
// Part of the plot's height that a curve may be off and still be right.
const RIGHT = 0.025;
// Pixels from the end of a line to its name.
const BESIDE = 8;

/** Numbers as a sentence has them: a height and a place. */
const height = (value) => short(Number(value.toFixed(3)));
const place = (x) => `x = ${short(Number(x.toFixed(2)))}`;

/** Where a list is largest and smallest: the first such index. */
const top = (heights) => heights.indexOf(Math.max(...heights));
const bottom = (heights) => heights.indexOf(Math.min(...heights));

/** A curve in words. */
export function described(xs, heights) {
  const last = xs.length - 1,
    at = (i) => `${height(heights[i])} at ${place(xs[i])}`;
  const inner = [
    ["lowest", bottom(heights)],
    ["highest", top(heights)],
  ].filter(
    ([, i]) =>
      i > 0 &&
      i < last &&
      height(heights[i]) !== height(heights[0]) &&
      height(heights[i]) !== height(heights[last]),
  );
  return [`from ${at(0)} to ${at(last)}`, ...inner.map(([which, i]) => `${which} ${at(i)}`)].join(", ");
}

/** Where a function jumps between two x, and its heights on both sides; else undefined. */
export function jump(f, left, right, least) {
  const size = (a, b) => Math.abs(f(b) - f(a));
  // A curve that is only steep has no jump left once the interval is short.
  for (let halving = 0; halving < 40 && size(left, right) > least; halving++) {
    const middle = (left + right) / 2;
    if (size(left, middle) > size(middle, right)) right = middle;
    else left = middle;
  }
  return size(left, right) > least ? { x: left, from: f(left), to: f(right) } : undefined;
}

/** The distance of a drawn curve from the true one: the mean, and the largest with its place. */
export function distance(xs, drawn, f) {
  const off = xs.map((x, i) => Math.abs(drawn[i] - f(x))),
    worst = top(off);
  return { mean: off.reduce((sum, each) => sum + each, 0) / off.length, largest: off[worst], x: xs[worst] };
}

/**
 * What was missed, in one sentence: the largest miss of a kind that has a name, or else the largest distance.
 *
 * A miss is as large as it is high. The largest with a name is said if it makes up a third of that distance.
 * @param {(x: number) => number} f the true curve
 * @param {number[]} drawn
 * @param {[number, number]} ends of x
 * @param {number} size the height of the plot
 */
export function missed(f, drawn, ends, size) {
  const xs = places(ends),
    last = POINTS - 1,
    step = xs[1] - xs[0];
  const fine = places(ends, FINE),
    truth = fine.map(f);
  const steps = truth.slice(1).map((value, i) => Math.abs(value - truth[i])),
    steepest = top(steps);
  const leap = jump(f, fine[steepest], fine[steepest + 1], size * RIGHT);
  // One step beside a jump every height is near the curve.
  const kept = [...xs.keys()].filter((i) => !leap || Math.abs(xs[i] - leap.x) > step * 1.001);
  const { largest, x } = distance(
    kept.map((i) => xs[i]),
    kept.map((i) => drawn[i]),
    f,
  );
  if (largest <= size * RIGHT) {
    const but = leap ? `, but for the jump at ${place(leap.x)}` : "";
    return `You drew it right to within ${height(largest)} everywhere${but}.`;
  }
  const high = top(truth),
    low = bottom(truth),
    myHigh = top(drawn),
    myLow = bottom(drawn);
  const edge = [truth[0], truth[truth.length - 1]],
    much = size * RIGHT;
  const kinds = [];
  const kind = (size, text) => kinds.push({ size, text });
  if (drawn[myLow] >= 0 && truth[low] < 0)
    kind(
      -truth[low],
      `You drew it nowhere below 0; it dips to ${height(truth[low])}, at ${place(fine[low])}.`,
    );
  else if (truth[low] >= 0 && drawn[myLow] < 0)
    kind(
      -drawn[myLow],
      `You drew it below 0, down to ${height(drawn[myLow])} at ${place(xs[myLow])}; it is nowhere below 0.`,
    );
  else
    kind(
      Math.abs(truth[low] - drawn[myLow]),
      `The lowest you drew is ${height(drawn[myLow])}; it goes down to ${height(truth[low])}, at ${place(fine[low])}.`,
    );
  kind(
    Math.abs(truth[high] - drawn[myHigh]),
    `The highest you drew is ${height(drawn[myHigh])}; it goes up to ${height(truth[high])}, at ${place(fine[high])}.`,
  );
  // A level line is highest nowhere.
  const level = drawn[myHigh] - drawn[myLow] <= much;
  if (!level && truth[high] - Math.max(...edge) > much)
    kind(
      truth[high] - f(xs[myHigh]),
      `You drew it highest at ${place(xs[myHigh])}; it is highest at ${place(fine[high])}.`,
    );
  if (!level && Math.min(...edge) - truth[low] > much)
    kind(
      f(xs[myLow]) - truth[low],
      `You drew it lowest at ${place(xs[myLow])}; it is lowest at ${place(fine[low])}.`,
    );
  ["left", "right"].forEach((side, k) =>
    kind(
      Math.abs(drawn[k * last] - edge[k]),
      `At the ${side} end you drew ${height(drawn[k * last])}; it is ${height(edge[k])} there.`,
    ),
  );
  if (leap) {
    const before = xs.findLastIndex((x) => x < leap.x - step / 2),
      after = before + 2;
    const mine = [drawn[before], drawn[after]];
    kind(
      Math.abs(leap.to - leap.from - (mine[1] - mine[0])),
      `It jumps from ${height(leap.from)} to ${height(leap.to)} at ${place(leap.x)}; you went from ${height(mine[0])} to ${height(mine[1])} there.`,
    );
  }
  const named = kinds.reduce((best, next) => (next.size > best.size ? next : best));
  if (named.size >= largest / 3) return named.text;
  const at = xs.indexOf(x);
  return `You are farthest off at ${place(x)}: you drew ${height(drawn[at])}, it is ${height(f(x))}.`;
}

function render({ model, el }) {
  const get = (name) => model.get(name);
  const ends = get("x_range"),
    view = get("y_range"),
    symbol = get("symbol"),
    order = get("order"),
    level = Math.min(Math.max(0, view[0]), view[1]);
  const activation = ACTIVATIONS[get("function")],
    parameter = get("parameter") ?? undefined;
  const value = (x) => activation.value(x, parameter),
    f = order ? (x) => activation.derivative(x, parameter) : value;
  const name = order ? `${symbol}′` : symbol;
  const xs = places(ends),
    fine = places(ends, FINE),
    heights = { given: order ? fine.map(value) : [], truth: fine.map(f) };
  const asked = () => get("guess") !== null;

  const root = add(el, "div", {
    class: "actlib-widget draw-guess",
    role: "group",
    "aria-label": get("title"),
  });
  add(root, "p", {}, get("title"));
  const svg = add(root, "svg", { role: "group" });
  const frame = axes(svg),
    { plot } = frame;
  const [between, given, truth, mine] = ["between", "given", "truth", "mine"].map((kind) =>
    add(plot, "path", { class: kind }),
  );
  const labels = [order ? symbol : "", name, "yours"].map((text, i) =>
    add(svg, "text", { class: `name ${["given", "truth", "mine"][i]}` }, text),
  );
  const pen = drawing(
    svg,
    `your ${name}`,
    () => get("drawn"),
    (drawn) => put({ drawn }),
  );
  add(
    root,
    "p",
    {},
    "Draw with a finger or the mouse. Or Tab to nine handles: up and down move one, left and right go to the next.",
  );
  const numbers = add(root, "p", { class: "numbers" });
  const readouts = [0, 1].map(() => add(numbers, "span"));
  const judge = ask(root, {
    question: get("question"),
    note: `${name} stays hidden until you check your line.`,
    hint: "Draw your line, over half of the plot or more, before you check it.",
    name: "Check my line",
    rests: [numbers],
    guess: () => isLine(get("drawn")),
    begin: false,
    answer: () => isLine(get("drawn")),
    put: (_, guessed) => {
      const drawn = guessed && isLine(get("drawn")) ? filled(get("drawn"), level) : [];
      put({ drawn, guess: guessed ? drawn : null });
    },
  });
  const put = writer(model, root, () =>
    get("drawn").length
      ? `Your ${name}: ${described(xs, filled(get("drawn"), level))}`
      : `Your ${name}: nothing yet`,
  );

  /** @type {number} */
  let width;
  /** @type {import("./plot.js").Place} */
  let scales;

  function drawFrame() {
    const margin = Math.max(...labels.map((label) => label.getComputedTextLength())) + BESIDE + 4;
    scales = frame.draw({ width, x: ends, y: view, margin, names: ["x", ""] });
    const { X, Y } = scales;
    given.setAttribute("d", order ? line(fine, heights.given, X, Y) : "");
    pen.lay(scales, ends, view, level);
    draw();
  }

  function draw() {
    const { X, Y, top: first, bottom: last } = scales,
      drawn = get("drawn"),
      open = !asked();
    // A point alone is a dot.
    mine.setAttribute("d", line(drawn.length ? xs : [], drawn, X, Y).replace(/M[^ML]+/g, "$&h0"));
    truth.setAttribute("d", open ? "" : line(fine, heights.truth, X, Y));
    between.setAttribute(
      "d",
      open || drawn.length === 0
        ? ""
        : `${line(xs, drawn, X, Y)}L${line(fine.toReversed(), heights.truth.toReversed(), X, Y).slice(1)}Z`,
    );
    pen.draw(open);
    // A line is named at its end, or where it leaves the plot.
    const named = [
      [fine, heights.given],
      [fine, open ? [] : heights.truth],
      [xs, drawn],
    ].map(([at, ys]) => {
      const i = ys.findLastIndex((y) => Number.isFinite(y) && y >= view[0] && y <= view[1]);
      return i < 0 ? undefined : [at[i], ys[i]];
    });
    const shown = named.filter((end) => end !== undefined);
    const levels = apart(
      shown.map(([, y]) => Y(y)),
      tallest(labels),
      [first, last],
    );
    labels.forEach((label, i) => {
      const end = named[i];
      label.setAttribute("x", String(end ? X(end[0]) + BESIDE : 0));
      label.setAttribute("y", String(end ? levels[shown.indexOf(end)] + 5 : -99));
    });
    const off = open || drawn.length === 0 ? undefined : distance(xs, drawn, f);
    readouts[0].textContent = open || off ? reading("mean distance", off && height(off.mean)) : "";
    readouts[1].textContent =
      open || off ? reading("largest distance", off && `${height(off.largest)} at ${place(off.x)}`) : "";
    frame.title.textContent = [
      order ? `${get("title")}: ${symbol}` : get("title"),
      ...(drawn.length ? [`your ${name}`] : []),
      ...(open ? [] : [`the true ${name}`]),
    ].join(", ");
    judge.tell(
      open
        ? ""
        : off
          ? missed(f, drawn, ends, view[1] - view[0])
          : `${name} goes ${described(fine, heights.truth)}.`,
    );
  }

  const stop = follow(
    model,
    root,
    (now) => {
      width = now;
      drawFrame();
    },
    {
      drawn() {
        // Another line than the one that was checked begins anew.
        if (asked() && String(get("guess")) !== String(get("drawn"))) put({ guess: null });
        draw();
      },
      guess: draw,
    },
  );
  return () => {
    stop();
    put.cancel();
  };
}

/** @type {Record<string, import("./plot.js").Reads>} */
const settings = { drawn: reads };

export default { render, settings };
