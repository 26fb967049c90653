// actlib.lab in the page: a dense network, losses, optimisers, and a training that tells what goes wrong.

import { ACTIVATIONS, largest, softmax, softmaxBackward } from "./activations.js";
import { exp, expm1, log1p } from "./elementary.js";
import { DEVIATIONS, gainOf } from "./gain.js";
import { Random } from "./random.js";

/** @typedef {import("./gain.js").Activation} Activation */

/** @param {boolean} ok @param {string} rule @param {unknown} got */
function check(ok, rule, got) {
  if (!ok) throw new RangeError(`${rule}, got ${Array.isArray(got) ? `[${got}]` : got}`);
}

/**
 * h_l = f(h_(l-1) W_l + b_l), the last layer linear; samples are rows, as in actlib.lab.Network.
 * With the same seed Python's begins with the same weights: Network(..., seed=Random(seed)).
 */
export class Network {
  /**
   * @param {object} settings
   * @param {number[]} settings.widths from the input to the output
   * @param {Activation} settings.activation a name, or any other function as a pass
   * @param {number} [settings.parameter] of the activation; that of actlib unless given
   * @param {number} [settings.pieces] of maxout
   * @param {boolean} [settings.learned] learn the parameter, one for every layer
   * @param {string | number} [settings.initialiser] a name in DEVIATIONS, or a gain for all layers
   * @param {number} [settings.seed]
   */
  constructor({
    widths,
    activation,
    parameter,
    pieces = 2,
    learned = false,
    initialiser = "own_gain",
    seed = 0,
  }) {
    check(
      widths.length > 1 && widths.every((width) => Number.isInteger(width) && width > 0),
      "widths must be at least two integers >= 1",
      widths,
    );
    const vector = activation === "softmax" || activation === "maxout";
    const own = typeof activation !== "string";
    check(
      own || vector || Object.hasOwn(ACTIVATIONS, activation),
      "activation must be one of actlib",
      activation,
    );
    check(
      typeof initialiser === "number"
        ? initialiser >= 0 && initialiser < Infinity
        : Object.hasOwn(DEVIATIONS, initialiser),
      `initialiser must be a gain >= 0 or one of ${Object.keys(DEVIATIONS).join(", ")}`,
      initialiser,
    );
    check(Number.isInteger(pieces) && pieces > 1, "pieces must be an integer >= 2", pieces);
    const f = vector ? null : own ? { parameter: null, ...activation } : ACTIVATIONS[activation];
    check(!learned || !!f?.parameter?.learned, "activation must have a parameter to learn", activation);
    const a = parameter ?? f?.parameter?.default ?? NaN;
    const group = activation === "maxout" ? pieces : 1;
    this.activation = activation;
    this.widths = widths;
    this.pieces = group;
    /** @type {Map<number, Tape>} */
    this.tapes = new Map();
    const shapes = widths.slice(1).map((width, l) => {
      const hidden = l < widths.length - 2;
      return { hidden, fanIn: widths[l], width, columns: hidden ? width * group : width };
    });
    const sizes = shapes.map(
      ({ hidden, fanIn, columns }) => (fanIn + 1) * columns + (hidden && learned ? 1 : 0),
    );
    const size = sizes.reduce((sum, one) => sum + one, 0);
    /** All weights, layer by layer: W row by row, b, and a where it is learned. */
    this.parameters = new Float64Array(size);
    /** What `backward` leaves, in the same order. */
    this.gradients = new Float64Array(size);
    const random = new Random(seed);
    let start = 0;
    this.layers = shapes.map((shape, l) => {
      const parts = (/** @type {Float64Array} */ array) => {
        const all = array.subarray(start, start + sizes[l]);
        const split = shape.fanIn * shape.columns;
        return {
          all,
          W: all.subarray(0, split),
          b: all.subarray(split, split + shape.columns),
          a: all.subarray(split + shape.columns),
        };
      };
      const own = parts(this.parameters);
      const gradient = parts(this.gradients);
      start += sizes[l];
      const gain = l && initialiser === "own_gain" ? gainOf(activation, shape.fanIn, a, pieces) : 1;
      check(
        gain > 0 && gain < Infinity,
        "activation must have a mean square > 0 and finite",
        1 / gain / gain,
      );
      draw(random, own, shape, initialiser, gain);
      if (own.a.length) own.a[0] = a;
      // What is not learned is no parameter, but read in the same way.
      return { ...shape, ...own, a: own.a.length ? own.a : Float64Array.of(a), gradient };
    });
    this.f = f;
  }

  /**
   * The output of every row of x, with what `backward` needs. A tape is used again for as many samples.
   * @param {Float64Array} x
   */
  forward(x) {
    const samples = x.length / this.widths[0];
    check(
      Number.isInteger(samples) && samples > 0,
      `x must hold rows of ${this.widths[0]} numbers`,
      x.length,
    );
    const tape = this.tapes.get(samples) ?? new Tape(this, samples);
    this.tapes.set(samples, tape);
    tape.x = x;
    let h = x;
    for (let l = 0; l < this.layers.length; l++) {
      const { W, b, a, fanIn, columns, hidden } = this.layers[l];
      const at = tape.layers[l];
      product(at.z, samples, columns, fanIn, b, h, fanIn, 1, W, columns, 1);
      if (hidden && this.f) this.f.pass(at.z, at.h, at.d, a[0]);
      else if (hidden && at.rows) for (const row of at.rows) softmax(row.z, row.h);
      else if (hidden) choose(at, this.pieces);
      h = at.h;
    }
    return tape;
  }

  /**
   * Fill `gradients`, given the gradient of the loss by the output.
   * @param {Tape} tape @param {Float64Array} upstream
   */
  backward(tape, upstream) {
    const { samples } = tape;
    let g = upstream;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const { W, a, fanIn, columns, hidden, gradient } = this.layers[l];
      const at = tape.layers[l];
      if (hidden) {
        this.#through(at, g, a[0], gradient.a);
        g = at.gz;
      }
      const h = l ? tape.layers[l - 1].h : tape.x;
      product(gradient.W, fanIn, columns, samples, null, h, 1, fanIn, g, columns, 1);
      product(gradient.b, 1, columns, samples, null, ONE, 0, 0, g, columns, 1);
      if (l) {
        const { gh } = tape.layers[l - 1];
        product(gh, samples, fanIn, columns, null, g, columns, 1, W, 1, columns);
        g = gh;
      }
    }
  }

  /**
   * From the gradient by a layer's outputs to that by its pre-activations and its learned parameter.
   * @param {TapeLayer} at @param {Float64Array} g @param {number} a @param {Float64Array} learned
   */
  #through({ z, d, gz, rows, won }, g, a, learned) {
    if (rows) for (const row of rows) softmaxBackward(row.h, row.gh, row.gz);
    else if (won) {
      gz.fill(0);
      for (let i = 0; i < won.length; i++) gz[won[i]] = g[i];
    } else for (let i = 0; i < gz.length; i++) gz[i] = g[i] * d[i];
    const by = this.f?.parameter?.learned;
    if (!by || !learned.length) return;
    let sum = 0;
    for (let i = 0; i < g.length; i++) sum += g[i] * by(z[i], a);
    learned[0] = sum;
  }
}

const ONE = Float64Array.of(1);

/**
 * @param {Random} random
 * @param {{W: Float64Array, b: Float64Array}} into
 * @param {{fanIn: number, columns: number}} shape
 * @param {string | number} initialiser
 * @param {number} gain of the activation before
 */
function draw(random, { W, b }, { fanIn, columns }, initialiser, gain) {
  if (initialiser === "pytorch_default") {
    const bound = 1 / Math.sqrt(fanIn);
    for (const part of [W, b])
      for (let i = 0; i < part.length; i++) part[i] = -bound + 2 * bound * random.uniform();
    return;
  }
  const deviation =
    typeof initialiser === "number"
      ? initialiser / Math.sqrt(fanIn)
      : DEVIATIONS[initialiser](gain, fanIn, columns);
  for (let i = 0; i < W.length; i++) W[i] = deviation * random.normal();
}

/**
 * @typedef {object} TapeLayer
 * @property {Float64Array} z the pre-activations
 * @property {Float64Array} h the outputs
 * @property {Float64Array} d the slopes, of an elementwise activation
 * @property {Float64Array} gz the gradient by z
 * @property {Float64Array} gh the gradient by h
 * @property {Int32Array | null} won where the largest piece of maxout is
 * @property {{z: Float64Array, h: Float64Array, gz: Float64Array, gh: Float64Array}[] | null} rows of softmax
 */

/** What a forward pass of so many samples leaves for the backward pass. */
class Tape {
  /** @param {Network} network @param {number} samples */
  constructor(network, samples) {
    this.samples = samples;
    /** @type {Float64Array} */
    this.x = ONE;
    this.layers = network.layers.map(({ hidden, width, columns }) => {
      const numbers = (/** @type {number} */ count) => new Float64Array(samples * count);
      const z = numbers(columns);
      if (!hidden) return { z, h: z, d: z, gz: z, gh: z, won: null, rows: null };
      const made = {
        z,
        h: numbers(width),
        d: numbers(network.f ? width : 0),
        gz: numbers(columns),
        gh: numbers(width),
      };
      const row = (/** @type {number} */ i) => {
        const part = (/** @type {Float64Array} */ array) => array.subarray(i * width, (i + 1) * width);
        return { z: part(z), h: part(made.h), gz: part(made.gz), gh: part(made.gh) };
      };
      return {
        ...made,
        won: network.activation === "maxout" ? new Int32Array(samples * width) : null,
        rows: network.activation === "softmax" ? Array.from({ length: samples }, (_, i) => row(i)) : null,
      };
    });
    this.output = this.layers[this.layers.length - 1].h;
    /** Where a loss may write its gradient. */
    this.upstream = new Float64Array(this.output.length);
  }
}

/** @param {TapeLayer} at @param {number} pieces */
function choose({ z, h, won }, pieces) {
  for (let i = 0; won && i < h.length; i++) {
    won[i] = largest(z, i * pieces, pieces);
    h[i] = z[won[i]];
  }
}

/**
 * out[i, j] = start[j] + the sum over k of a[i, k] b[k, j], four sums at a time: they stay in registers.
 * A matrix is an array and how far apart its rows and its columns are, so that each may be a transpose.
 * @param {Float64Array} out @param {number} rows @param {number} columns @param {number} inner
 * @param {Float64Array | null} start
 * @param {Float64Array} a @param {number} aRow @param {number} aColumn
 * @param {Float64Array} b @param {number} bRow @param {number} bColumn
 */
function product(out, rows, columns, inner, start, a, aRow, aColumn, b, bRow, bColumn) {
  for (let i = 0; i < rows; i++) {
    let j = 0;
    for (; j + 3 < columns; j += 4) {
      let s0 = start ? start[j] : 0;
      let s1 = start ? start[j + 1] : 0;
      let s2 = start ? start[j + 2] : 0;
      let s3 = start ? start[j + 3] : 0;
      let at = j * bColumn;
      let from = i * aRow;
      for (let k = 0; k < inner; k++) {
        const factor = a[from];
        s0 += factor * b[at];
        s1 += factor * b[at + bColumn];
        s2 += factor * b[at + 2 * bColumn];
        s3 += factor * b[at + 3 * bColumn];
        at += bRow;
        from += aColumn;
      }
      const to = i * columns + j;
      out[to] = s0;
      out[to + 1] = s1;
      out[to + 2] = s2;
      out[to + 3] = s3;
    }
    for (; j < columns; j++) {
      let sum = start ? start[j] : 0;
      for (let k = 0; k < inner; k++) sum += a[i * aRow + k * aColumn] * b[k * bRow + j * bColumn];
      out[i * columns + j] = sum;
    }
  }
}

/**
 * The losses of actlib.lab: each returns the mean and writes the gradient by the outputs into g.
 * @type {Record<string, (outputs: Float64Array, targets: Float64Array, g: Float64Array) => number>}
 */
export const LOSSES = {
  squared_error(o, y, g) {
    let sum = 0;
    for (let i = 0; i < o.length; i++) {
      const off = o[i] - y[i];
      sum += off * off;
      g[i] = (2 * off) / o.length;
    }
    return sum / o.length;
  },
  /** Of logits, and targets from 0 to 1. */
  binary_cross_entropy(z, y, g) {
    let sum = 0;
    for (let i = 0; i < z.length; i++) {
      const tail = exp(-Math.abs(z[i]));
      const s = 1 + tail;
      const more = (z[i] < 0 ? tail : 1) / s;
      const less = (z[i] > 0 ? tail : 1) / s;
      const logTail = log1p(tail);
      sum += y[i] * (Math.max(-z[i], 0) + logTail) + (1 - y[i]) * (Math.max(z[i], 0) + logTail);
      g[i] = ((1 - y[i]) * more - y[i] * less) / z.length;
    }
    return sum / z.length;
  },
  /** Of a row of logits for every label, which is an integer from 0 on. */
  softmax_cross_entropy(z, labels, g) {
    const classes = z.length / labels.length;
    let sum = 0;
    for (let i = 0; i < labels.length; i++) {
      const start = i * classes;
      const top = largest(z, start, classes);
      const right = start + labels[i];
      let others = 0;
      for (let j = start; j < start + classes; j++) {
        g[j] = exp(z[j] - z[top]);
        if (j !== top) others += g[j];
      }
      const loss = z[top] - z[right] + log1p(others);
      for (let j = start; j < start + classes; j++) g[j] /= (1 + others) * labels.length;
      g[right] = expm1(-loss) / labels.length; // softmax - 1 would cancel
      sum += loss;
    }
    return sum / labels.length;
  },
};

/** Gradient descent with momentum, in PyTorch's form: actlib.lab.SGD. */
export class SGD {
  /** @param {{learningRate: number, momentum?: number}} settings */
  constructor({ learningRate, momentum = 0 }) {
    check(learningRate > 0 && learningRate < Infinity, "learningRate must be > 0 and finite", learningRate);
    check(momentum >= 0 && momentum < 1, "momentum must be from 0 to below 1", momentum);
    this.settings = { learningRate, momentum };
  }

  /** The function that makes the steps. @param {Float64Array} parameters changed in place */
  start(parameters) {
    const { learningRate, momentum } = this.settings;
    const velocity = new Float64Array(parameters.length);
    return (/** @type {Float64Array} */ g) => {
      for (let i = 0; i < g.length; i++) {
        velocity[i] = momentum * velocity[i] + g[i];
        parameters[i] -= learningRate * velocity[i];
      }
    };
  }
}

/** Adam (Kingma and Ba 2015, Algorithm 1): actlib.lab.Adam. */
export class Adam {
  /** @param {{learningRate?: number, beta1?: number, beta2?: number, epsilon?: number}} settings */
  constructor({ learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = {}) {
    check(learningRate > 0 && learningRate < Infinity, "learningRate must be > 0 and finite", learningRate);
    check(beta1 >= 0 && beta1 < 1, "beta1 must be from 0 to below 1", beta1);
    check(beta2 >= 0 && beta2 < 1, "beta2 must be from 0 to below 1", beta2);
    check(epsilon > 0 && epsilon < Infinity, "epsilon must be > 0 and finite", epsilon);
    this.settings = { learningRate, beta1, beta2, epsilon };
  }

  /** The function that makes the steps. @param {Float64Array} parameters changed in place */
  start(parameters) {
    const { learningRate, beta1, beta2, epsilon } = this.settings;
    const mean = new Float64Array(parameters.length);
    const square = new Float64Array(parameters.length);
    let power1 = 1;
    let power2 = 1;
    return (/** @type {Float64Array} */ g) => {
      power1 *= beta1;
      power2 *= beta2;
      const left1 = 1 - power1;
      const left2 = 1 - power2;
      for (let i = 0; i < g.length; i++) {
        mean[i] = beta1 * mean[i] + (1 - beta1) * g[i];
        square[i] = beta2 * square[i] + (1 - beta2) * g[i] * g[i];
        parameters[i] -= (learningRate * (mean[i] / left1)) / (Math.sqrt(square[i] / left2) + epsilon);
      }
    };
  }
}

/** @param {Float64Array} array */
function finite(array) {
  let sum = 0;
  for (let i = 0; i < array.length; i++) sum += 0 * array[i];
  return sum === 0;
}

/** @typedef {{x: Float64Array, y: Float64Array, samples: number}} Data rows of inputs, and their targets */

/**
 * A training that makes one step at a time. It stops at the first number that is not finite, before that
 * gets into the weights, and then `stopped` says in words in which step, and in which layer.
 */
export class Training {
  /**
   * @param {object} settings
   * @param {Network} settings.network
   * @param {Data} settings.data
   * @param {string} settings.loss a name in LOSSES
   * @param {SGD | Adam} settings.optimiser
   * @param {number} [settings.batch] samples a step, in an order drawn anew for every epoch
   * @param {number} [settings.seed] of the order
   */
  constructor({ network, data, loss, optimiser, batch = 32, seed = 0 }) {
    check(Object.hasOwn(LOSSES, loss), `loss must be one of ${Object.keys(LOSSES).join(", ")}`, loss);
    check(Number.isInteger(batch) && batch > 0, "batch must be an integer >= 1", batch);
    this.network = network;
    this.data = data;
    this.loss = LOSSES[loss];
    this.logits = loss !== "squared_error";
    this.random = new Random(seed);
    this.optimise = optimiser.start(network.parameters);
    this.before = new Float64Array(network.parameters.length);
    const { x, y, samples } = data;
    const inputs = network.widths[0];
    const outputs = network.widths[network.widths.length - 1];
    const classes = loss === "softmax_cross_entropy" ? outputs : 0;
    const targets = classes ? 1 : outputs;
    check(
      Number.isInteger(samples) && x.length === samples * inputs && y.length === samples * targets,
      `data must hold ${inputs} inputs and ${targets} targets a sample`,
      `${x.length} and ${y.length} of ${samples} samples`,
    );
    const wrong = this.logits
      ? y.find(
          (target) =>
            !(target >= 0 && (classes ? target < classes && Number.isInteger(target) : target <= 1)),
        )
      : undefined;
    check(
      wrong === undefined,
      classes ? `labels must be integers from 0 to ${classes - 1}` : "targets must be from 0 to 1",
      wrong,
    );
    this.order = Array.from({ length: samples }, (_, i) => i);
    /** Room for a batch, and for a smaller one at the end of an epoch. */
    this.rooms = [Math.min(batch, samples), samples % batch].map((size) => ({
      size,
      x: new Float64Array(size * inputs),
      y: new Float64Array(size * targets),
    }));
    this.next = samples;
    this.steps = 0;
    /** @type {{step: number, layer: number | null, text: string} | null} */
    this.stopped = null;
  }

  /** Make a step; return the loss of its batch before it, NaN once the training has stopped. */
  step() {
    if (this.stopped) return NaN;
    const { network, before } = this;
    const { x, y } = this.#batch();
    const tape = network.forward(x);
    const loss = this.loss(tape.output, y, tape.upstream);
    if (!(loss < Infinity)) {
      const layer = tape.layers.findIndex(({ z }) => !finite(z));
      return this.#stop(
        layer,
        layer < 0 ? `the loss is ${loss}` : `layer ${layer + 1} left the range of floats`,
      );
    }
    network.backward(tape, tape.upstream);
    if (!finite(network.gradients)) {
      // A gradient comes from the last layer on.
      const layer = network.layers.findLastIndex(({ gradient }) => !finite(gradient.all));
      return this.#stop(layer, `the gradient of layer ${layer + 1} left the range of floats`);
    }
    before.set(network.parameters);
    this.optimise(network.gradients);
    if (!finite(network.parameters)) {
      const layer = network.layers.findIndex(({ all }) => !finite(all));
      network.parameters.set(before);
      return this.#stop(layer, `the weights of layer ${layer + 1} would leave the range of floats`);
    }
    this.steps++;
    return loss;
  }

  /** Loss and share of right answers on all data; the tape holds what every layer saw. */
  measure() {
    const { x, y, samples } = this.data;
    const tape = this.network.forward(x);
    const loss = this.loss(tape.output, y, tape.upstream);
    return { loss, accuracy: this.logits ? accuracy(tape.output, y, samples) : NaN, tape };
  }

  /** @param {number} layer counted from 0 @param {string} text */
  #stop(layer, text) {
    const step = this.steps + 1;
    this.stopped = { step, layer: layer < 0 ? null : layer + 1, text: `step ${step}: ${text}` };
    return NaN;
  }

  #batch() {
    const { x, y, samples } = this.data;
    const [whole, rest] = this.rooms;
    if (this.next >= samples) {
      this.next = 0;
      if (whole.size < samples) this.random.shuffle(this.order);
    }
    const room = this.next + whole.size > samples ? rest : whole;
    const inputs = x.length / samples;
    const targets = y.length / samples;
    for (let i = 0; i < room.size; i++) {
      const from = this.order[this.next + i];
      for (let j = 0; j < inputs; j++) room.x[i * inputs + j] = x[from * inputs + j];
      for (let j = 0; j < targets; j++) room.y[i * targets + j] = y[from * targets + j];
    }
    this.next += room.size;
    return room;
  }
}

/**
 * The share of samples whose label the logits name: the largest, or of a single one its sign.
 * @param {Float64Array} z @param {Float64Array} labels @param {number} samples
 */
export function accuracy(z, labels, samples) {
  const classes = z.length / samples;
  let right = 0;
  for (let i = 0; i < samples; i++) {
    const named = classes > 1 ? largest(z, i * classes, classes) - i * classes : z[i] > 0 ? 1 : 0;
    if (named === labels[i] && !Number.isNaN(z[i * classes + named * (classes > 1 ? 1 : 0)])) right++;
  }
  return right / samples;
}
