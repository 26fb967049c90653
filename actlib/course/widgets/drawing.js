// A curve that the reader draws over a plot: with the mouse, a finger, or nine handles from the keyboard.

import { add, drag, scale, typeset } from "./plot.js";

/** A drawn curve has so many heights, evenly spaced; one that is not drawn yet is null. */
export const POINTS = 81;
const HANDLES = 9;
const EVERY = (POINTS - 1) / (HANDLES - 1);
/** By how many hundredths of the plot's height a key moves a handle. */
const KEYS = { ArrowUp: 2, ArrowDown: -2, PageUp: 10, PageDown: -10, Home: -100, End: 100 };

/** Pixels by which the sheet reaches beyond the plot: a stroke begins at its edge, and a hand is not exact. */
const EDGE = 12;

const number = Number.isFinite;

/** Whether so much is drawn that it says something: half of all heights. */
export const isLine = (heights) => heights.filter(number).length >= POINTS / 2;

/**
 * Where the heights stand, or more that are evenly spaced.
 * @type {(ends: [number, number], points?: number) => number[]}
 */
export const places = (ends, points = POINTS) =>
  Array.from({ length: points }, (_, i) => scale([0, points - 1], ends)(i));

/** All heights: straight across what was left out, level at the ends; all at `level` if nothing is drawn. */
export function filled(heights, level) {
  const known = [...heights.keys()].filter((i) => number(heights[i]));
  if (known.length === 0) return new Array(POINTS).fill(level);
  return Array.from({ length: POINTS }, (_, i) => {
    const after = known.find((k) => k >= i) ?? known[known.length - 1],
      before = known.findLast((k) => k <= i) ?? after;
    return after <= before ? heights[after] : scale([before, after], [heights[before], heights[after]])(i);
  });
}

/** A height within the plot, to four digits: more cannot be seen. */
const kept = (height, [low, high]) => Number(Math.min(Math.max(height, low), high).toPrecision(4));

/** The heights after a stroke from one point to another; a point is a place among them and a height. */
export function stroked(heights, from, to, ends) {
  const made = heights.length ? [...heights] : new Array(POINTS).fill(null);
  const at = (place) => Math.round(Math.min(Math.max(place, 0), POINTS - 1));
  const [first, last] = from[0] <= to[0] ? [from, to] : [to, from];
  const height = scale([first[0], last[0]], [first[1], last[1]]);
  for (let i = at(first[0]); i <= at(last[0]); i++) {
    const place = Math.min(Math.max(i, first[0]), last[0]);
    made[i] = kept(first[0] < last[0] ? height(place) : to[1], ends);
  }
  // What is under the pointer is where it is now.
  made[at(to[0])] = kept(to[1], ends);
  return made;
}

/** The heights after a handle has moved: all of them up to its neighbours go along, ever less. */
export function bent(heights, handle, by, ends) {
  const at = handle * EVERY,
    rise = kept(heights[at] + by, ends) - heights[at];
  return heights.map((height, i) => kept(height + rise * Math.max(0, 1 - Math.abs(i - at) / EVERY), ends));
}

/**
 * The sheet over a plot that the reader draws on, with its handles.
 *
 * A finger on the sheet draws, whichever way it goes; beside it, on the numbers and names around, it scrolls
 * the page. `put` is given the heights after each move.
 * @param {SVGSVGElement} svg
 * @param {string} name of the curve
 * @param {() => (number | null)[]} get
 * @param {(heights: (number | null)[]) => void} put
 */
export function drawing(svg, name, get, put) {
  const sheet = add(svg, "rect", { class: "handle sheet" });
  /** @type {{X: any, Y: any, x: [number, number], y: [number, number], level: number}} */
  let now;
  let last;
  const whole = () => filled(get(), now.level);
  drag(sheet, (event) => {
    if (event.type === "pointerdown") last = undefined;
    const box = svg.getBoundingClientRect(),
      { X, Y, x, y } = now,
      per = svg.viewBox.baseVal.width / box.width;
    const across = scale([X(x[0]), X(x[1])], [0, POINTS - 1]),
      up = scale([Y(y[0]), Y(y[1])], y);
    const passed = event.getCoalescedEvents?.() ?? [];
    let heights = get();
    for (const { clientX, clientY } of passed.length ? passed : [event]) {
      const to = [across((clientX - box.left) * per), up((clientY - box.top) * per)];
      heights = stroked(heights, last ?? to, to, y);
      last = to;
    }
    put(heights);
  });
  const knobs = Array.from({ length: HANDLES }, (_, i) => {
    const knob = add(svg, "circle", {
      class: "knob",
      r: 7,
      role: "slider",
      "data-lm-suppress-shortcuts": "",
    });
    knob.addEventListener("keydown", (event) => {
      const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key],
        hundredths = KEYS[event.key];
      if (!side && !hundredths) return;
      event.preventDefault();
      if (side) knobs[i + side]?.focus();
      else put(bent(whole(), i, (hundredths / 100) * (now.y[1] - now.y[0]), now.y));
    });
    return knob;
  });
  return {
    /** Lay the sheet over the plot; `level` is where the handles stand before anything is drawn. */
    lay({ X, Y, left, right, top, bottom }, x, y, level) {
      now = { X, Y, x, y, level };
      for (const [key, value] of Object.entries({
        x: left - EDGE,
        y: top - EDGE,
        width: right - left + 2 * EDGE,
        height: bottom - top + 2 * EDGE,
      }))
        sheet.setAttribute(key, String(value));
    },
    /** Put the handles on the curve, or away once it is no longer drawn. */
    draw(open) {
      const heights = whole(),
        at = places(now.x);
      sheet.classList.toggle("away", !open);
      knobs.forEach((knob, i) => {
        const height = heights[i * EVERY];
        const attributes = {
          cx: open ? now.X(at[i * EVERY]) : -99,
          cy: now.Y(height),
          tabindex: open ? 0 : -1,
          "aria-hidden": !open,
          "aria-label": `${name} at x = ${typeset(Number(at[i * EVERY].toFixed(2)))}`,
          "aria-valuemin": now.y[0],
          "aria-valuemax": now.y[1],
          "aria-valuenow": height,
          "aria-valuetext": typeset(Number(height.toFixed(3))),
        };
        for (const [key, value] of Object.entries(attributes)) knob.setAttribute(key, String(value));
      });
    },
  };
}

/** How an address has a drawn curve: its heights, parted by spaces. */
export const reads = (text, get) => {
  if (text === "") return [];
  const [low, high] = get("y_range");
  const heights = text.split(" ").map((part) => (part === "null" ? null : Number(part)));
  const fits = heights.every((h) => h === null || (h >= low && h <= high));
  return heights.length === POINTS && fits ? heights : undefined;
};
