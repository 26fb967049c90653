// A deep random network and the law for a wide one, as in actlib.measure: a layer takes x to g W f(x), where
// W is normal of variance 1/WIDTH and there is no bias. The input and the gradient at the end are normal.

import { applyActivation } from "./activations.js";
import { exp } from "./elementary.js";
import { Random } from "./random.js";

/** @typedef {Parameters<typeof applyActivation>[0]} Name */

export const WIDTH = 128;
/** Samples lie side by side in an array, so that a weight is read once for all of them. */
export const SAMPLES = 4;

const block = () => new Float64Array(WIDTH * SAMPLES);

/** The root of the mean square. @param {Float64Array} values */
export function size(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return Math.sqrt(sum / values.length);
}

/** z = g W h. @param {Float64Array} W @param {Float64Array} h @param {Float64Array} z @param {number} g */
function up(W, h, z, g) {
  for (let i = 0, w = 0; i < z.length; i += SAMPLES) {
    let a = 0,
      b = 0,
      c = 0,
      d = 0;
    for (let j = 0; j < h.length; j += SAMPLES, w++) {
      const weight = W[w];
      a += weight * h[j];
      b += weight * h[j + 1];
      c += weight * h[j + 2];
      d += weight * h[j + 3];
    }
    z[i] = g * a;
    z[i + 1] = g * b;
    z[i + 2] = g * c;
    z[i + 3] = g * d;
  }
}

/** e = g W^T d. @param {Float64Array} W @param {Float64Array} d @param {Float64Array} e @param {number} g */
function down(W, d, e, g) {
  for (let j = 0, column = 0; j < e.length; j += SAMPLES, column++) {
    let a = 0,
      b = 0,
      c = 0,
      s = 0;
    for (let i = 0, w = column; i < d.length; i += SAMPLES, w += WIDTH) {
      const weight = W[w];
      a += weight * d[i];
      b += weight * d[i + 1];
      c += weight * d[i + 2];
      s += weight * d[i + 3];
    }
    e[j] = g * a;
    e[j + 1] = g * b;
    e[j + 2] = g * c;
    e[j + 3] = g * s;
  }
}

/** A network whose weights a seed decides. They are drawn a layer at a time, for they take long. */
export class Stack {
  #random;
  /** @type {Float64Array[]} */
  #weights = [];
  #end = block();
  #h = block();
  /** The pre-activations of each layer, from the input on. */
  x = [block()];
  /** The slopes there. */
  #slope = [block()];

  /** @param {number} seed */
  constructor(seed) {
    this.#random = new Random(seed);
    this.#fill(this.x[0], 1);
    this.#fill(this.#end, 1);
  }

  /** @param {Float64Array} array @param {number} scale */
  #fill(array, scale) {
    for (let i = 0; i < array.length; i++) array[i] = scale * this.#random.normal();
  }

  /** How many layers have their weights. */
  get depth() {
    return this.#weights.length;
  }

  /** Draw the weights of one more layer. */
  draw() {
    const W = new Float64Array(WIDTH * WIDTH);
    this.#fill(W, 1 / Math.sqrt(WIDTH));
    this.#weights.push(W);
    this.x.push(block());
    this.#slope.push(block());
  }

  /**
   * Send a signal up and a gradient down through the first layers; `x` then holds the signal.
   * @param {Name} f
   * @param {number} gain
   * @param {number} depth
   */
  send(f, gain, depth) {
    const signal = new Float64Array(depth + 1),
      gradient = new Float64Array(depth + 1);
    signal[0] = size(this.x[0]);
    for (let l = 0; l < depth; l++) {
      applyActivation(f, this.x[l], this.#h, this.#slope[l]);
      up(this.#weights[l], this.#h, this.x[l + 1], gain);
      signal[l + 1] = size(this.x[l + 1]);
    }
    let above = this.#end;
    const whole = size(above);
    gradient[depth] = 1;
    for (let l = depth - 1; l >= 0; l--) {
      const below = this.#slope[l];
      down(this.#weights[l], above, this.#h, gain);
      for (let i = 0; i < below.length; i++) below[i] *= this.#h[i];
      gradient[l] = size(below) / whole;
      above = below;
    }
    return { signal, gradient };
  }
}

// The density of |z| over ln |z|, at even steps of it: on either side of its kink at 0 each f is smooth in
// ln |z|, so the trapezoidal rule is quick and exact to 1e-8.
const STEP = 0.2;
const Z = new Float64Array(2 * 80);
const MASS = new Float64Array(Z.length);
for (let i = 0; i < Z.length; i += 2) {
  const z = exp(2.5 - STEP * (i / 2));
  Z[i] = z;
  Z[i + 1] = -z;
  // The last stands for all that is nearer to 0, where the density of ln |z| falls with z.
  const share = i === Z.length - 2 ? 1 / (1 - exp(-STEP)) : 1;
  MASS[i] = MASS[i + 1] = (share * STEP * z * exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
const [x, h, d] = [Z, Z, Z].map((array) => new Float64Array(array.length));

/**
 * The expectations of f(x)^2 and f'(x)^2, x normal of variance q; f has no kink besides 0.
 * @param {Name} f
 * @param {number} q
 */
export function squares(f, q) {
  const scale = Math.sqrt(q);
  for (let i = 0; i < Z.length; i++) x[i] = scale * Z[i];
  applyActivation(f, x, h, d);
  let second = 0,
    derivativeSecond = 0;
  for (let i = 0; i < Z.length; i++) {
    second += MASS[i] * h[i] * h[i];
    derivativeSecond += MASS[i] * d[i] * d[i];
  }
  return { second, derivativeSecond };
}

/**
 * The sizes of signal and gradient in each layer that the law for wide layers gives.
 * @param {Name} f
 * @param {number} gain
 * @param {number} depth
 */
export function law(f, gain, depth) {
  const signal = new Float64Array(depth + 1),
    gradient = new Float64Array(depth + 1),
    factor = new Float64Array(depth);
  for (let l = 0, q = 1; l <= depth; l++) {
    signal[l] = Math.sqrt(q);
    if (l === depth) break;
    const { second, derivativeSecond } = squares(f, q);
    factor[l] = gain * Math.sqrt(derivativeSecond);
    q = gain * gain * second;
  }
  gradient[depth] = 1;
  for (let l = depth - 1; l >= 0; l--) gradient[l] = factor[l] * gradient[l + 1];
  return { signal, gradient };
}
