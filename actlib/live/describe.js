// What can be seen of a function by computing it over the whole range of floats, in words: nothing here is
// proved, and no more digits are given than agree when a number is computed in two ways.

import { gaussianMoments } from "./quadrature.js";

/**
 * @typedef {(x: Float64Array, ...into: Float64Array[]) => void} Run as that of a parsed formula
 * @typedef {ReturnType<typeof gaussianMoments>} Moments
 */

const DIGITS = 6;
const UNSURE = "not sure in any digit";
/** Between minus this and this the function is looked at closely, and its zeros are told. */
const CLOSE = 64;
const STEP = 1 / 64;
/** How many of its zeros, or of the places where it breaks, are told. */
const MOST = 4;
/** Beyond so many units a pole is one, however near to it the grid comes. */
const POLE = 1000;

/** Where to look: evenly between -64 and 64, four times an octave elsewhere, from the smallest float on. */
const GRID = (() => {
  const half = [];
  for (let x = Number.MIN_VALUE; x < STEP; x *= 2) half.push(x);
  for (let x = STEP; x < CLOSE; x += STEP) half.push(x);
  for (let x = CLOSE; x < Infinity; x *= 2) half.push(x, 1.25 * x, 1.5 * x, 1.75 * x);
  half.push(Number.MAX_VALUE);
  return Float64Array.from([...half.map((x) => -x), 0, ...half]).sort();
})();
const LAST = GRID.length - 1;
/** Where the panels of the quadrature are parted for a second result. */
const SPLIT = [9];
while (SPLIT.length < 40) SPLIT.push(SPLIT[SPLIT.length - 1] / 2);

/**
 * A number in words: with a true minus, and a power of ten where a reader would write one.
 * @param {number} x
 * @param {number} digits
 */
export function written(x, digits = DIGITS) {
  const [number, exponent = ""] = x.toPrecision(digits).split("e");
  const raised = exponent.replace("+", "").replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
  const shown = String(Number(number)).replace("Infinity", "∞").replace("-", "−");
  return shown + (raised && ` × 10${raised}`);
}

/** A number with the digits, at most six, in which several results agree. @param {number[]} results */
function agreed(...results) {
  for (let digits = DIGITS; digits > 0; digits--)
    if (new Set(results.map((x) => x.toPrecision(digits))).size === 1) return written(results[0], digits);
  return UNSURE;
}

/**
 * A function, its values and slopes on the grid, and the largest value between -8 and 8. Where a value is not
 * finite its slope counts as 0.
 * @typedef {{values: Float64Array, slopes: Float64Array, value: Scalar, slope: Scalar, scale: number,
 *   roots: Stretch[], poles: Stretch[]}} Seen
 * @typedef {(x: number) => number} Scalar
 *
 * From a float to a float, or to an infinity at an end of all floats; `digits` where not all of them are sure.
 * @typedef {{from: number, to: number, digits?: number}} Stretch
 */

/**
 * The neighbouring floats between which a test changes, from a, where it holds, to b, where it does not.
 * @param {number} a
 * @param {number} b
 * @param {(x: number) => boolean} holds
 */
function bisected(a, b, holds) {
  for (;;) {
    const middle = a * b < 0 ? 0 : a + (b - a) / 2;
    if (middle === a || middle === b) return [a, b];
    if (holds(middle)) a = middle;
    else b = middle;
  }
}

/**
 * Where a function has a property, as far as the grid shows, exact to the float.
 * @param {Float64Array} values
 * @param {Scalar} at
 * @param {(value: number) => boolean} property
 */
function stretches(values, at, property) {
  /** @type {[number, number][]} */
  const runs = [];
  for (let i = 0; i <= LAST; i++) {
    if (!property(values[i])) continue;
    const first = i;
    while (i < LAST && property(values[i + 1])) i++;
    runs.push([first, i]);
  }
  /** @param {number} x */
  const holds = (x) => property(at(x));
  return nearest(runs.map(([first, last]) => ({ from: GRID[first], to: GRID[last], first, last }))).map(
    ({ first, last }) => ({
      from: first ? bisected(GRID[first], GRID[first - 1], holds)[0] : -Infinity,
      to: last < LAST ? bisected(GRID[last], GRID[last + 1], holds)[0] : Infinity,
    }),
  );
}

/**
 * The stretches next to 0, so many that a reader sees that there are more: a function such as sin has too many.
 * @template {Stretch} S
 * @param {S[]} all
 */
function nearest(all, count = 2 * MOST) {
  /** @param {Stretch} stretch */
  const distance = ({ from, to }) => (from <= 0 && to >= 0 ? 0 : Math.min(Math.abs(from), Math.abs(to)));
  return all.toSorted((a, b) => distance(a) - distance(b)).slice(0, count);
}

/**
 * Where a function changes its sign between two points of the grid, and how many digits of that are sure: those
 * for which the sign farther out is the same.
 * @param {Scalar} at
 * @param {number} i the left one
 */
function crossing(at, i) {
  /** @param {number} x */
  const below = (x) => at(x) < 0;
  const start = below(GRID[i]);
  const [x] = bisected(GRID[i], GRID[i + 1], (point) => below(point) === start);
  let digits = DIGITS;
  for (let width = 1e-6 * Math.abs(x); digits > 1 && below(x - width) === below(x + width); width *= 10)
    digits--;
  return { x, digits };
}

/** @param {number} a @param {number} b */
const opposite = (a, b) => (a < 0 && b > 0) || (a > 0 && b < 0);

/** @param {Stretch} stretch */
function place({ from, to, digits }) {
  if (from === to)
    return Math.abs(from) === Number.MIN_VALUE ? "next to x = 0" : `at x = ${written(from, digits)}`;
  if (from === -Infinity && to === Infinity) return "for every x";
  if (from === -Infinity) return to === -Number.MIN_VALUE ? "for x < 0" : `for x up to ${written(to)}`;
  if (to === Infinity) return from === Number.MIN_VALUE ? "for x > 0" : `for x from ${written(from)} on`;
  return `for x from ${written(from)} to ${written(to)}`;
}

/** Two points a little outside. @param {Stretch} stretch */
const beside = ({ from, to }) => [from - 1e-3 * (1 + Math.abs(from)), to + 1e-3 * (1 + Math.abs(to))];

/**
 * Whether a value stays the same on a stretch because a float cannot show how it still changes: just outside
 * it is nearly the same.
 * @param {Seen} seen
 * @param {Stretch} stretch
 */
function rounded({ value, scale }, { from, to }) {
  const level = value(Number.isFinite(from) ? from : Number.isFinite(to) ? to : 0);
  return beside({ from, to }).some((x) => Number.isFinite(x) && Math.abs(value(x) - level) < 1e-9 * scale);
}

/** The places next to 0, and whether there are more. @param {Stretch[]} all */
function places(all) {
  const told = nearest(all).map(place);
  return told.slice(0, MOST).join(", ") + (told.length > MOST ? ", and elsewhere" : "");
}

/** Where the derivative jumps. @param {Seen} seen */
function kinks({ slopes, value, slope }) {
  const found = [];
  const change = (i) => Math.abs(slopes[i + 1] - slopes[i]);
  for (let i = 1; i < LAST - 1; i++) {
    if (!(Math.abs(GRID[i]) < CLOSE && change(i) > 1e-6 && change(i) > 3 * (change(i - 1) + change(i + 1))))
      continue;
    const [left, right] = [slopes[i], slopes[i + 1]];
    const [x, after] = bisected(
      GRID[i],
      GRID[i + 1],
      (x) => Math.abs(slope(x) - left) < Math.abs(slope(x) - right),
    );
    const inside = Number.isFinite(value(x)) && Number.isFinite(value(after));
    if (inside && Math.abs(slope(after) - slope(x)) > change(i) / 2) found.push(x);
  }
  return found;
}

/** Where the value changes its sign: through 0, or at a pole, where it grows instead. @param {Seen} seen */
function changes({ values, value }) {
  /** @type {Stretch[]} */
  const roots = [],
    poles = [];
  const intervals = [];
  for (let i = 0; i < LAST; i++)
    if (opposite(values[i], values[i + 1])) intervals.push({ from: GRID[i], to: GRID[i + 1], i });
  for (const { i } of nearest(intervals, 8 * MOST)) {
    const { x, digits } = crossing(value, i);
    const size = Math.abs(value(x)),
      change = { from: x, to: x, digits };
    if (size > POLE * Math.abs(values[i])) poles.push(change);
    else if (size <= Math.abs(values[i]) && size < Infinity) roots.push(change);
  }
  return { roots, poles };
}

/** Where value or derivative cannot be computed. @param {Seen} seen */
function breaks(seen) {
  const sentences = [];
  for (const [what, numbers, at] of /** @type {[string, Float64Array, Scalar][]} */ ([
    ["The value", seen.values, seen.value],
    ["The derivative alone", seen.slopes, seen.slope],
  ])) {
    const infinite = stretches(numbers, at, (v) => v === Infinity || v === -Infinity);
    const none = stretches(numbers, at, Number.isNaN);
    if (infinite.length) sentences.push(`${what} is infinite ${places(infinite)}.`);
    if (none.length) sentences.push(`${what} is not a number ${places(none)}.`);
  }
  if (seen.poles.length) sentences.push(`The value grows beyond all bounds ${places(seen.poles)}.`);
  return sentences.join(" ") || "Value and derivative are finite for every float x that was tried.";
}

/** Where the value is 0. @param {Seen} seen */
function zeros(seen) {
  const found = [...seen.roots],
    lost = [];
  for (const stretch of stretches(seen.values, seen.value, (v) => v === 0)) {
    const { from, to } = stretch,
      [left, right] = beside(stretch).map(seen.value);
    if (from <= 0 && to >= 0 && to - from < 1e-100) found.push({ from: 0, to: 0 });
    else if (rounded(seen, stretch) && !opposite(left, right)) lost.push(stretch);
    else found.push(stretch);
  }
  const sentences = found.length ? [`The value is 0 ${places(found)}.`] : ["No zero was found."];
  if (lost.length) sentences.push(`It is rounded to 0 ${places(lost)}.`);
  return sentences.join(" ");
}

/**
 * Where the values go on one side.
 * @param {Seen} seen
 * @param {number} side 1 or -1
 */
function limit({ value, scale }, side) {
  const way = side < 0 ? "To the left" : "To the right";
  const heights = [];
  let x = 8 * side,
    height = value(x);
  for (; Number.isFinite(height) && Number.isFinite(2 * x); x *= 2, height = value(x)) heights.push(height);
  if (Math.abs(height) === Infinity)
    return `${way} the value goes beyond all floats, to ${height < 0 ? "−" : ""}∞.`;
  if (heights.length < 3) return `${way} the value is not a number.`;
  const [b, c] = heights.slice(-2);
  if (Math.abs(c) < 1e-9 * scale && Math.abs(c) <= Math.abs(b)) return `${way} the value goes to 0.`;
  if (Math.abs(c - b) <= 1e-9 * Math.abs(c)) return `${way} the value goes to ${agreed(b, c)}.`;
  const tail = heights.slice(-16);
  const steady = (sign) => tail.every((height, i) => i === 0 || sign * (height - tail[i - 1]) > 0);
  const [rises, falls] = [steady(1), steady(-1)];
  if (!rises && !falls) return `${way} no limit is seen.`;
  const far = Math.abs(c - b) < 0.1 * Math.abs(c) ? `, to ${written(c)} at x = ${written(x / 2)}` : "";
  return `${way} the value ${rises ? "rises" : "falls"} as far as was tried${far}.`;
}

/** The least and the largest value. @param {Seen} seen */
function range(seen) {
  const least = extreme(seen, -1),
    largest = extreme(seen, 1);
  if (!least || !largest) return "The value is not a number for any x that was tried.";
  return least === largest ? `The value is ${least}.` : `The values go from ${least} to ${largest}.`;
}

/**
 * The largest (sign 1) or the least (sign -1) value, and where it is taken, next to 0 where there is a choice.
 * @param {Seen} seen
 * @param {number} sign
 */
function extreme(seen, sign) {
  const { values, slopes, value, slope } = seen;
  let best = -1,
    close = -1;
  values.forEach((v, i) => {
    const x = Math.abs(GRID[i]);
    /** @param {number} other */
    const better = (other) =>
      sign * v > sign * (values[other] ?? -sign * Infinity) ||
      (v === values[other] && x < Math.abs(GRID[other]));
    if (better(best)) best = i;
    if (x <= CLOSE && better(close)) close = i;
  });
  if (best < 0) return "";
  const infinity = sign < 0 ? "−∞" : "∞";
  if (values[best] === sign * Infinity || seen.poles.length) return infinity;
  let level = values[close];
  /** @type {Stretch} */
  let at = { from: GRID[close], to: GRID[close] };
  // Between points of the grid the slope changes its sign.
  const turns = [];
  for (let i = 0; i < LAST; i++)
    if (Math.abs(GRID[i]) < CLOSE && opposite(slopes[i], slopes[i + 1]))
      turns.push({ from: GRID[i], to: GRID[i + 1], i });
  for (const { i } of nearest(turns, 8 * MOST)) {
    const { x, digits } = crossing(slope, i);
    const height = value(x);
    // Of heights that are the same but for a rounding the first is that next to 0.
    if (sign * (height - level) < (at.digits ? 1e-9 * Math.abs(level) : 0)) continue;
    level = height;
    at = { from: x, to: x, digits };
  }
  if (Math.abs(level) > POLE * Math.abs(values[close])) return infinity;
  // Far out the grid is coarse: a value there counts if it is larger by more than a rounding.
  if (!(sign * (values[best] - level) <= 1e-9 * Math.abs(level))) {
    level = values[best];
    at = { from: GRID[best], to: GRID[best] };
    if (Math.abs(GRID[best]) > 1e300 && Math.abs(level / value(GRID[best] / 2) - 1) > 1e-9) return infinity;
  }
  const flat = stretches(values, value, (v) => v === level).find(
    ({ from, to }) => from <= at.from && at.to <= to,
  );
  if (flat && flat.to - flat.from > 4 * STEP)
    return `${written(level)} (${rounded(seen, flat) ? "rounded, " : ""}${place(flat)})`;
  const around = [1 - Number.EPSILON, 1, 1 + Number.EPSILON].map((factor) => value(at.from * factor));
  return `${agreed(...around)} (${place(at)})`;
}

/**
 * What a layer sees on average.
 * @param {Seen} seen
 * @param {Moments} moments
 * @param {Moments} again the same, computed in another way
 */
function onAverage({ poles }, moments, again) {
  /** @param {keyof Moments} name */
  const told = (name) => agreed(moments[name], again[name]);
  if (!Number.isFinite(moments.second + moments.derivativeSecond))
    return "For some standard normal inputs value or derivative is no finite number, so there are no moments.";
  if (poles.length) return "The square of a value that grows so has no mean, so there are no moments.";
  const sizes = `For standard normal inputs the mean is ${told("mean")} and the mean square ${told("second")}`;
  if (moments.second === 0 || told("second") === UNSURE) return `${sizes}, so there is no gain.`;
  return `${sizes}; the gain is ${told("gain")}, and χ is ${told("chi")}.`;
}

/**
 * What is seen of a function, in sentences, with its moments as numbers.
 * @param {{run: Run}} formula what `parse` of formula.js returns
 */
export function describe({ run }) {
  const values = new Float64Array(GRID.length),
    slopes = new Float64Array(GRID.length);
  run(GRID, values, slopes);
  values.forEach((v, i) => {
    if (!Number.isFinite(v)) slopes[i] = 0;
  });
  const x = new Float64Array(1),
    v = new Float64Array(1),
    d = new Float64Array(1);
  /** @param {number} at */
  const compute = (at) => {
    x[0] = at;
    run(x, v, d);
  };
  /** @type {Seen} */
  const seen = {
    values,
    slopes,
    scale: values.reduce(
      (most, v, i) => (Math.abs(GRID[i]) <= 8 && Math.abs(v) > most ? Math.abs(v) : most),
      0,
    ),
    value(at) {
      compute(at);
      return v[0];
    },
    slope(at) {
      compute(at);
      return Number.isFinite(v[0]) ? d[0] : 0;
    },
    roots: [],
    poles: [],
  };
  Object.assign(seen, changes(seen));
  const jumps = kinks(seen);
  const moments = gaussianMoments(run, 1, jumps);
  return {
    moments,
    range: range(seen),
    zeros: zeros(seen),
    kinks: jumps.length ? `The derivative jumps ${places(jumps.map((x) => ({ from: x, to: x })))}.` : "",
    left: limit(seen, -1),
    right: limit(seen, 1),
    average: onAverage(seen, moments, gaussianMoments(run, 1, [...jumps, ...SPLIT])),
    floats: breaks(seen),
  };
}
