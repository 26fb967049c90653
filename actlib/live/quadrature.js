// What a function makes of standard normal numbers, by Gauss-Legendre quadrature as in actlib's
// contract/moments.py: panels halve toward 0 and end at kinks, so that neither costs digits.

import { cos, exp } from "./elementary.js";

const ORDER = 32;
// Beyond, the normal density is below 1e-31.
const REACH = 12;
const PANELS = 40;

/** The nodes of one panel from -1 to 1 and their weights: roots of a Legendre polynomial, by Newton. */
function rule() {
  const node = new Float64Array(ORDER),
    weight = new Float64Array(ORDER);
  for (let i = 0; i < ORDER / 2; i++) {
    let x = cos((Math.PI * (i + 0.75)) / (ORDER + 0.5)),
      slope = 0;
    for (let step = 0; step < 6; step++) {
      let before = 1,
        value = x;
      for (let k = 2; k <= ORDER; k++)
        [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (ORDER * (before - x * value)) / ((1 - x) * (1 + x));
      x -= value / slope;
    }
    node[i] = -x;
    node[ORDER - 1 - i] = x;
    weight[i] = weight[ORDER - 1 - i] = 2 / ((1 - x) * (1 + x) * slope * slope);
  }
  return { node, weight };
}

const { node: NODE, weight: WEIGHT } = rule();

/**
 * Nodes and weights: the sum of weight[i] g(z[i]) is the expectation of g over a standard normal number.
 * @param {number[]} kinks where g has kinks, besides 0
 */
export function normalQuadrature(kinks = []) {
  const ends = new Set(kinks.map(Math.abs).filter((kink) => kink > 0 && kink < REACH));
  for (let i = 0, end = REACH; i < PANELS; i++, end /= 2) ends.add(end);
  const sorted = [0, ...ends].sort((a, b) => a - b);
  const z = [],
    weight = [];
  for (let i = 1; i < sorted.length; i++) {
    const middle = (sorted[i] + sorted[i - 1]) / 2,
      half = (sorted[i] - sorted[i - 1]) / 2;
    for (let k = 0; k < ORDER; k++) {
      const point = middle + half * NODE[k],
        mass = (half * WEIGHT[k] * exp((-point * point) / 2)) / Math.sqrt(2 * Math.PI);
      z.push(point, -point);
      weight.push(mass, mass);
    }
  }
  return { z: Float64Array.from(z), weight: Float64Array.from(weight) };
}

const PLAIN = normalQuadrature();

/**
 * The expectations of f and f' over sqrt(q) z, z standard normal, and what follows from them.
 * @param {(x: Float64Array, value: Float64Array, slope: Float64Array) => void} run writes f(x) and f'(x)
 * @param {number} q the variance of the pre-activation, > 0
 * @param {number[]} kinks where f or f' jumps, besides 0
 */
export function gaussianMoments(run, q = 1, kinks = []) {
  const scale = Math.sqrt(q);
  const { z, weight } = kinks.length ? normalQuadrature(kinks.map((kink) => kink / scale)) : PLAIN;
  const f = new Float64Array(z.length),
    slope = new Float64Array(z.length);
  run(
    z.map((point) => scale * point),
    f,
    slope,
  );
  let mean = 0,
    second = 0,
    derivativeMean = 0,
    derivativeSecond = 0;
  for (let i = 0; i < z.length; i++) {
    mean += weight[i] * f[i];
    second += weight[i] * f[i] * f[i];
    derivativeMean += weight[i] * slope[i];
    derivativeSecond += weight[i] * slope[i] * slope[i];
  }
  return {
    mean,
    second,
    derivativeMean,
    derivativeSecond,
    /** The weight scale at which pre-activations keep a mean square of 1. */
    gain: 1 / Math.sqrt(second),
    /** The weight scale at which gradients keep their mean square. */
    gradientGain: 1 / Math.sqrt(derivativeSecond),
    /** The factor per layer of a gradient's mean square when weights have `gain`. */
    chi: derivativeSecond / second,
  };
}
