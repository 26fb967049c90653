// How large weights begin: as large as the activation in front of them asks for.

import { ACTIVATIONS, softmax } from "./activations.js";
import { gaussianMoments, normalQuadrature } from "./quadrature.js";
import { Random } from "./random.js";

/**
 * @typedef {{pass: import("./activations.js").Pass}} Own a function that actlib does not have
 * @typedef {import("./activations.js").Name | "softmax" | "maxout" | Own} Activation
 */

/**
 * The standard deviation of a weight by its initialiser, named as in actlib.lab; `own_gain` takes the gain
 * of the activation whose outputs the weight multiplies.
 * @type {Record<string, (gain: number, fanIn: number, fanOut: number) => number>}
 */
export const DEVIATIONS = {
  own_gain: (gain, fanIn) => gain / Math.sqrt(fanIn),
  lecun: (_, fanIn) => 1 / Math.sqrt(fanIn),
  he: (_, fanIn) => Math.SQRT2 / Math.sqrt(fanIn),
  xavier: (_, fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)),
  pytorch_default: (_, fanIn) => 1 / Math.sqrt(3 * fanIn), // evenly spread, the bias too
};

/**
 * What a layer of standard normal pre-activations passes on: `second` is E f², `chi` the factor by which
 * each layer of own gain changes a gradient's mean square. Softmax has no such moments.
 * @param {Activation} activation
 * @param {number} [parameter]
 * @param {number} [pieces] of maxout
 */
export function momentsOf(activation, parameter, pieces = 2) {
  if (activation === "softmax") throw new RangeError("activation must have moments, got softmax");
  if (activation !== "maxout") {
    const f = typeof activation === "string" ? ACTIVATIONS[activation] : { parameter: null, ...activation };
    const a = parameter ?? f.parameter?.default ?? NaN;
    const { second, gain, chi } = gaussianMoments((x, h, d) => f.pass(x, h, d, a));
    return { second, gain, chi };
  }
  // The largest of k normal numbers has the density k phi(z) Phi(z)^(k - 1), and GELU is z Phi(z).
  const { z, weight } = normalQuadrature();
  let second = 0;
  for (let i = 0; i < z.length; i++) {
    let mass = weight[i] * pieces;
    for (let k = 1; k < pieces; k++) mass *= ACTIVATIONS.gelu.value(z[i]) / z[i];
    second += mass * z[i] * z[i];
  }
  return { second, gain: 1 / Math.sqrt(second), chi: 1 / second };
}

/** @type {Map<string, number>} */
const known = new Map();

/**
 * 1 over the rms of what the activation passes on; that of softmax depends on the width and is measured.
 * @param {Activation} activation
 * @param {number} width
 * @param {number} [parameter]
 * @param {number} [pieces] of maxout
 */
export function gainOf(activation, width, parameter, pieces) {
  if (typeof activation !== "string") return momentsOf(activation).gain;
  const key = `${activation} ${activation === "softmax" ? width : parameter} ${pieces}`;
  const gain =
    known.get(key) ??
    (activation === "softmax" ? softmaxGain(width) : momentsOf(activation, parameter, pieces).gain);
  known.set(key, gain);
  return gain;
}

/** @param {number} width */
function softmaxGain(width) {
  const random = new Random(0);
  const z = new Float64Array(width);
  let sum = 0;
  for (let i = 0; i < 4096; i++) {
    softmax(
      z.map(() => random.normal()),
      z,
    );
    for (const p of z) sum += p * p;
  }
  return 1 / Math.sqrt(sum / (4096 * width));
}
