// Small data sets to race on, in the square from -1 to 1 but for the noise; the two classes take turns.

import { cos, sin } from "./elementary.js";
import { Random } from "./random.js";

/**
 * @param {number} samples
 * @param {number} seed
 * @param {(random: Random, label: number) => [number, number]} point
 */
function twoClasses(samples, seed, point) {
  const random = new Random(seed);
  const x = new Float64Array(2 * samples);
  const y = new Float64Array(samples);
  for (let i = 0; i < samples; i++) {
    y[i] = i % 2;
    x.set(point(random, y[i]), 2 * i);
  }
  return { x, y, samples, loss: "binary_cross_entropy" };
}

/**
 * @param {Random} random @param {number} noise @param {number} radius @param {number} angle
 * @returns {[number, number]}
 */
function around(random, noise, radius, angle) {
  return [radius * cos(angle) + noise * random.normal(), radius * sin(angle) + noise * random.normal()];
}

/** A disc in a ring. */
export function circles(samples = 200, seed = 0, noise = 0.05) {
  return twoClasses(samples, seed, (random, label) => {
    const radius = label ? 0.9 : 0.45 * Math.sqrt(random.uniform());
    return around(random, noise, radius, 2 * Math.PI * random.uniform());
  });
}

/** Two spirals around each other, as actlib.lab.spirals. */
export function spirals(samples = 200, seed = 0, noise = 0.03, turns = 1.25) {
  return twoClasses(samples, seed, (random, label) => {
    // The square root spreads the points evenly along a spiral, whose length grows as radius².
    const radius = Math.sqrt(random.uniform());
    return around(random, noise, radius, Math.PI * (2 * turns * radius + label));
  });
}

/** Four squares, of which opposite ones are alike. */
export function xor(samples = 200, seed = 0, noise = 0.05) {
  return twoClasses(samples, seed, (random, label) => {
    const a = 0.1 + 0.8 * random.uniform();
    const b = 0.1 + 0.8 * random.uniform();
    const side = random.uniform() < 0.5 ? -1 : 1;
    return [side * a + noise * random.normal(), (label ? -side : side) * b + noise * random.normal()];
  });
}

/** Two half circles that reach into each other. */
export function moons(samples = 200, seed = 0, noise = 0.08) {
  return twoClasses(samples, seed, (random, label) => {
    const [a, b] = around(random, noise, 0.6, Math.PI * (random.uniform() + label));
    return [a + (label ? 0.3 : -0.3), b + (label ? 0.15 : -0.15)];
  });
}

/** The curve of `waves`. @param {number} x from -1 to 1 */
export const wave = (x) => 0.35 * x + 0.6 * sin(3 * Math.PI * x) * (0.4 + 0.6 * x * x);

/** Points along a curve, to be fitted: one input, one number as the target. */
export function waves(samples = 100, seed = 0, noise = 0.05) {
  const random = new Random(seed);
  const x = new Float64Array(samples).map(() => 2 * random.uniform() - 1);
  return { x, y: x.map((at) => wave(at) + noise * random.normal()), samples, loss: "squared_error" };
}

export const DATA = { circles, spirals, xor, moons, waves };
