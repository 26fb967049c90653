// What figures that compute share beside the plot: when they work, a canvas and its colours, numbers for reading.

import { raised } from "./plot.js";

// With reduced motion a figure that plays shows two pictures a second.
const CALM = 500;
// A canvas has no more pixels than this a CSS pixel: more cost time and show nothing.
const SHARPEST = 2;

/**
 * Call `frame` before every picture while the clock is set and the element in view; else ask the browser for
 * nothing. `share` is how many pictures' work a call stands for.
 * @param {Element} element
 * @param {(now: number, share: number) => void} frame
 */
export function ticker(element, frame) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let running = false,
    seen = false,
    asked = 0,
    last = 0;
  function tick(now) {
    asked = 0;
    if (!calm.matches) frame(now, 1);
    else if (now - last >= CALM) {
      frame(now, CALM / 16);
      last = now;
    }
    ask();
  }
  function ask() {
    const works = running && seen && !document.hidden;
    if (works) asked ||= requestAnimationFrame(tick);
    else {
      cancelAnimationFrame(asked);
      asked = 0;
    }
  }
  const observer = new IntersectionObserver((entries) => {
    seen = entries[entries.length - 1].isIntersecting;
    ask();
  });
  observer.observe(element);
  document.addEventListener("visibilitychange", ask);
  return {
    running: () => running,
    /** Whether a picture is asked for. */
    works: () => asked !== 0,
    set(on) {
      running = on;
      ask();
    },
    end() {
      running = false;
      ask();
      observer.disconnect();
      document.removeEventListener("visibilitychange", ask);
    },
  };
}

/**
 * The colours that a canvas draws with, read from the widget's own properties (a canvas has none), and read
 * again with each change of the theme; then `changed` is called.
 * @param {HTMLElement} root
 * @param {string[]} names
 * @param {() => void} changed
 */
export function colours(root, names, changed) {
  /** @type {Record<string, [number, number, number]>} */
  const now = {};
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function read() {
    const style = getComputedStyle(root);
    for (const name of names) {
      const colour = name === "ink" ? style.color : style.getPropertyValue(`--${name}`);
      if (!probe) continue;
      // What a colour is in numbers, whatever form it is written in: a pixel of it.
      probe.fillStyle = colour;
      probe.fillRect(0, 0, 1, 1);
      const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
      now[name] = [red, green, blue];
    }
  }
  const update = () => {
    read();
    changed();
  };
  read();
  const dark = matchMedia("(prefers-color-scheme: dark)"),
    observer = new MutationObserver(update);
  const marks = { attributeFilter: ["class", "data-theme", "data-jp-theme-light", "theme"] };
  for (const element of [document.documentElement, document.body]) observer.observe(element, marks);
  dark.addEventListener("change", update);
  return {
    now,
    end() {
      observer.disconnect();
      dark.removeEventListener("change", update);
    },
  };
}

/** A colour for a canvas. */
export const css = ([red, green, blue], alpha = 1) => `rgb(${red} ${green} ${blue} / ${alpha})`;

/**
 * The context of a canvas that has as many pixels as the screen shows; draw in CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function sharp(canvas, width, height) {
  const density = Math.min(window.devicePixelRatio || 1, SHARPEST);
  const [across, down] = [width, height].map((size) => Math.round(size * density));
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(density, 0, 0, density, 0, 0);
  return context;
}

/** Count how many values lie in each part of [-reach, reach]; the last on either side hold what is beyond. */
export function histogram(values, counts, reach) {
  const last = counts.length - 1;
  counts.fill(0);
  for (const value of values) {
    const at = Math.floor(((value + reach) / (2 * reach)) * counts.length);
    counts[Math.max(0, Math.min(at, last))]++;
  }
  return counts;
}

/** A number that was computed here, for reading: three digits, by powers of ten where zeros would be counted. */
export function short(value) {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const [digits, exponent] = value.toExponential(2).split("e");
  if (size !== 0 && (size < 1e-3 || size >= 1e5))
    return `${String(Number(digits)).replace("-", "−")} × 10${raised(Number(exponent))}`;
  return String(Number(value.toPrecision(3))).replace("-", "−");
}
