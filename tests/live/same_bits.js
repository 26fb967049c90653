// All that the live modules compute, as digests over every bit: the same in node, Chromium and Firefox.

import {
  ACTIVATIONS,
  applyActivation,
  derivativeByParameter,
  softmax,
  softmaxBackward,
} from "../../actlib/live/activations.js";
import { DATA } from "../../actlib/live/data.js";
import { law, Stack } from "../../actlib/live/depth.js";
import { describe } from "../../actlib/live/describe.js";
import * as elementary from "../../actlib/live/elementary.js";
import { parse } from "../../actlib/live/formula.js";
import { Adam, Network, SGD, Training } from "../../actlib/live/network.js";
import { gaussianMoments, normalQuadrature } from "../../actlib/live/quadrature.js";
import { Random } from "../../actlib/live/random.js";

/** @typedef {import("../../actlib/live/activations.js").Name} Name */

const NAMES = /** @type {Name[]} */ (Object.keys(ACTIVATIONS));
const FORMULAS = [
  "x*tanh(softplus(x))",
  "max(0, x)^2",
  "ln(1 + e^x)",
  "x/(1 + abs(x))",
  "e^(-x^2)",
  "x^1.5 - x^(1/3)",
  "2^x*cos(3x)",
  "0.5x(1 + tanh(sqrt(2/pi)(x + 0.044715x^3)))",
  "min(max(x + 3, 0), 6)*x/6",
  "(e^x - e^-x)/(e^x + e^-x)",
];
const PARAMETERS = {
  leaky_relu: [0.2, -1],
  prelu: [0.7],
  elu: [0.5, 3e-5],
  swish: [1.7, 0.1, -30],
  softplus: [1.7, 30],
};

/** Numbers of all sizes: of every exponent, within the reach of the functions, and where their parts overflow. */
function grid() {
  const random = new Random(1),
    words = new Uint32Array(16000).map(() => random.bits());
  const x = [...new Float64Array(words.buffer)];
  for (const [low, high, count] of [
    [-50, 50, 6000],
    [-2, 2, 2000],
    [690, 760, 600],
    [340, 385, 600],
    [36, 40, 400],
    [-1e6, 1e6, 400],
  ])
    for (let i = 0; i < count; i++) {
      const point = low + (high - low) * random.uniform();
      x.push(point, -point);
    }
  x.push(0, -0, 1, -1, Infinity, -Infinity, NaN, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE);
  return Float64Array.from(x);
}

/** The results by what they belong to. */
function* results() {
  const x = grid();
  yield ["elementary", Object.values(elementary).map((f) => x.map((point) => f(point)))];

  const functions = [];
  for (const name of NAMES) {
    const f = ACTIVATIONS[name];
    const defaults = f.parameter ? [f.parameter.default, ...PARAMETERS[name]] : [undefined];
    for (const a of defaults) {
      const h = x.slice(),
        d = x.slice();
      applyActivation(name, x, h, d, a);
      functions.push(h, d);
      for (const g of [f.value, f.derivative, f.second]) functions.push(x.map((point) => g(point, a)));
      if (f.parameter?.learned) functions.push(x.map((point) => derivativeByParameter(name, point, a)));
    }
  }
  const scores = x.slice(8000, 8010),
    p = scores.slice(),
    back = scores.slice();
  softmax(scores, p);
  softmaxBackward(p, scores, back);
  yield ["activations", [...functions, p, back]];

  const random = new Random(4);
  const draw = {
    bits: () => random.bits(),
    uniform: () => random.uniform(),
    normal: () => random.normal(),
    integer: () => random.integer(1e9),
  };
  yield ["random", Object.values(draw).map((next) => new Float64Array(50000).map(next))];

  const { z, weight } = normalQuadrature([0.7]);
  yield ["quadrature", [z, weight]];

  const formulas = [];
  for (const text of FORMULAS) {
    const f = parse(text),
      out = [x.slice(), x.slice(), x.slice()];
    f.run(x, ...out);
    const told = describe(f);
    formulas.push(...out, Float64Array.from(Object.values(told.moments)));
    formulas.push(Float64Array.from(JSON.stringify(told), (letter) => letter.charCodeAt(0)));
    formulas.push(Float64Array.from(Object.values(gaussianMoments(f.run, 2))));
  }
  yield ["formulas", formulas];

  const trained = [];
  for (const activation of /** @type {(Name | "softmax" | "maxout")[]} */ ([...NAMES, "softmax", "maxout"]))
    for (const [i, make] of Object.values(DATA).entries()) {
      const data = make(96, 7),
        widths = [data.x.length / data.samples, 8, 8, 1];
      const learned = !!ACTIVATIONS[activation]?.parameter?.learned;
      const network = new Network({ widths, activation, learned, seed: 7 });
      const optimiser = i % 2 ? new Adam({}) : new SGD({ learningRate: 0.05, momentum: 0.9 });
      const training = new Training({ network, data, loss: data.loss, optimiser, seed: 7 });
      trained.push(
        new Float64Array(100).map(() => training.step()),
        network.parameters,
        network.gradients,
      );
    }
  yield ["networks", trained];

  const stack = new Stack(3),
    deep = [];
  while (stack.depth < 6) stack.draw();
  for (const name of NAMES)
    for (const { signal, gradient } of [stack.send(name, 1.4, 6), law(name, 1.4, 50)])
      deep.push(signal, gradient);
  yield ["depth", deep];
}

/** SHA-256 over the bytes of arrays; a NaN has many bit patterns, of which an engine may choose any. */
async function digest(arrays) {
  const all = new Float64Array(arrays.reduce((length, array) => length + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  const words = new Uint32Array(all.buffer);
  all.forEach((number, i) => {
    if (Number.isNaN(number)) [words[2 * i], words[2 * i + 1]] = [0, 0x7ff80000];
  });
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", words));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function digests() {
  const found = {};
  for (const [name, arrays] of results()) found[name] = await digest(arrays);
  return found;
}
