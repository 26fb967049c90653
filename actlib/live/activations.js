// The activations of the course: f, f' and f'' as exact as actlib.functions says of its own, for every float.
// The formulas are those there, where their reasons stand; what differs says so.
import { exp, expm1, log1p, tanh as tanhOf } from "./elementary.js";

/**
 * @typedef {(z: Float64Array, h: Float64Array, d: Float64Array, a: number) => void} Pass
 *   h = f(z) and d = f'(z), with the parameter a
 */
/** @typedef {(x: number, a?: number) => number} Formula */

const ROUND = 6755399441055744;

/** What the last `exactProduct` or exponent lost to rounding: an array, so that no number is allocated. */
const LOST = new Float64Array(1);

/** factor * x up to 2000. @param {number} factor @param {number} x */
function exactProduct(factor, x) {
  LOST[0] = 0;
  const end = Math.abs(factor) > 1e-304 ? 2000 / Math.abs(factor) : Number.MAX_VALUE;
  const within = Math.max(-end, Math.min(x, end));
  const product = factor * within;
  if (factor === 1 || factor === -1 || factor === 0) return product;
  // Veltkamp's halves, whose products are exact; they overflow beyond 1e300.
  const high = 134217729 * factor - (134217729 * factor - factor);
  const xHigh = 134217729 * within - (134217729 * within - within);
  const low = factor - high;
  const xLow = within - xHigh;
  const rest = high * xHigh - product + high * xLow + low * xHigh + low * xLow;
  if (!Number.isNaN(rest)) LOST[0] = rest;
  return product;
}

/**
 * factor * e^(v + rest) where e^v has few digits or none.
 * @param {number} factor @param {number} v @param {number} rest
 */
function far(factor, v, rest) {
  const half = exp(0.5 * v);
  return factor * half * (1 + rest) * half;
}

const Z = new Float64Array(1);
const H = new Float64Array(1);
const D = new Float64Array(1);

/**
 * An activation, from a pass over arrays: the numbers of a network are then those of a single point.
 *
 * @param {Pass} pass
 * @param {(x: number, a: number) => number} second
 * @param {{ name: string, default: number, learned?: (x: number, a: number) => number } | null} parameter
 */
function elementwise(pass, second, parameter = null) {
  const initial = parameter ? parameter.default : NaN;
  /** @param {number} x @param {number} a */
  const run = (x, a) => {
    Z[0] = x;
    pass(Z, H, D, a);
  };
  return {
    parameter,
    pass,
    /** @type {Formula} */
    value(x, a = initial) {
      run(x, a);
      return H[0];
    },
    /** @type {Formula} */
    derivative(x, a = initial) {
      run(x, a);
      return D[0];
    },
    /** @type {Formula} */
    second: (x, a = initial) => second(x, a),
  };
}

/** @type {Pass} */
function sigmoid(z, h, d) {
  for (let i = 0; i < z.length; i++) {
    const t = exp(-Math.abs(z[i]));
    const s = 1 + t;
    h[i] = (z[i] >= 0 ? 1 : t) / s;
    d[i] = t / (s * s);
  }
}

/** @param {number} x */
function sigmoidSecond(x) {
  const t = exp(-Math.abs(x));
  return (-t / ((1 + t) * (1 + t))) * tanhOf(x / 2);
}

/** factor / cosh(a)², a >= 0. @param {number} factor @param {number} a */
function sechSquare(factor, a) {
  const t = exp(-a);
  const sech = t / (0.5 + 0.5 * t * t);
  return factor * sech * sech;
}

// Up to 0.55 nothing is lost in 1 - tanh²; beyond, e^(-2|x|) gives both.
/** @type {Pass} */
function tanh(z, h, d) {
  for (let i = 0; i < z.length; i++) {
    const x = z[i];
    const a = Math.abs(x);
    if (a < 0.55) {
      h[i] = tanhOf(x);
      d[i] = 1 - h[i] * h[i];
    } else {
      const t = exp(-2 * a);
      const s = 1 + t;
      const value = 1 - (2 * t) / s;
      h[i] = x < 0 ? -value : value;
      d[i] = a < 340 ? (4 * t) / (s * s) : sechSquare(1, a);
    }
  }
}

/** @param {number} x */
const tanhSecond = (x) => sechSquare(-2 * tanhOf(x), Math.abs(x));

// `a` on the left, 1 on the right; NaN stays NaN.
/** @type {Pass} */
function bent(z, h, d, a) {
  for (let i = 0; i < z.length; i++) {
    const x = z[i];
    h[i] = x > 0 ? x : x < 0 ? a && a * x : x; // 0 times an infinity would be NaN
    d[i] = x > 0 ? 1 : x <= 0 ? a : x;
  }
}

/** @type {Pass} */
const relu = (z, h, d) => bent(z, h, d, 0);
/** @param {number} x */
const none = (x) => (Number.isNaN(x) ? x : 0);

/** @type {Pass} */
function elu(z, h, d, alpha) {
  for (let i = 0; i < z.length; i++) {
    const x = z[i];
    if (x > 0) {
      h[i] = x;
      d[i] = 1;
    } else if (x > -0.69) {
      const e = expm1(x);
      h[i] = alpha * e;
      d[i] = alpha * (1 + e);
    } else {
      h[i] = alpha * (exp(x) - 1);
      d[i] = eluSecond(x, alpha);
    }
  }
}

/** @param {number} x @param {number} alpha */
function eluSecond(x, alpha) {
  if (x > 0) return 0;
  return x < -700 ? far(alpha, x, 0) : alpha * exp(x);
}

// Swish' is (1 + v + u) u/(1 + u)², v = beta x, u = e^v. Near its zero, -ROOT, the first factor is
// d + W (e^d - 1), d = v + ROOT.
const W = 0.2784645427610738;
const ROOT = [1.2784645427610737, 1.0946994183093437e-16];
const BEND = [2.3993572805154675, 1.8464872855353363e-16];

/** @type {Pass} */
function swish(z, h, d, beta) {
  for (let i = 0; i < z.length; i++) {
    const v = Math.min(exactProduct(beta, z[i]), 60);
    const rest = LOST[0];
    if (v < -700) {
      h[i] = far(v / beta, v, rest);
      d[i] = far(1 + v, v, rest);
    } else {
      const u = exp(v) * (1 + rest);
      const s = 1 + u;
      const off = v + ROOT[0] + (rest + ROOT[1]);
      h[i] = (u / s) * z[i];
      d[i] = ((off > -1 && off < 0.3 ? expm1(off) * W + off : 1 + v + u) * u) / (s * s);
    }
  }
}

/** -|beta x|. @param {number} beta @param {number} x */
const lower = (beta, x) => exactProduct(beta, x < 0 === beta > 0 ? x : -x);

/** @param {number} x @param {number} beta */
function swishSecond(x, beta) {
  const v = Math.min(lower(beta, x), 60);
  const rest = LOST[0];
  const half = exp(0.5 * v);
  const u = half * half;
  const s = 1 + u;
  const toBend = BEND[0] + v + (BEND[1] + rest);
  const factor = (BEND[0] - 2 + BEND[1]) * expm1(toBend) + toBend * (1 - u);
  return beta * ((factor * half * (1 + rest)) / (s * s * s)) * half;
}

/** @param {number} x @param {number} beta */
function swishByBeta(x, beta) {
  const half = exp(0.5 * lower(beta, x));
  const root = (Math.min(Math.abs(x), Number.MAX_VALUE) * half) / (1 + half * half);
  return root * root * (1 + LOST[0]);
}

/** @type {Pass} */
function softplus(z, h, d, beta) {
  for (let i = 0; i < z.length; i++) {
    const x = z[i];
    const v = exactProduct(-beta, Math.abs(x));
    const rest = LOST[0];
    const t = exp(v) * (1 + rest);
    const tail = v < -700 ? far(1 / beta, v, rest) : log1p(t) / beta;
    h[i] = x > 0 ? x + tail : tail;
    d[i] = (x >= 0 ? 1 : t) / (1 + t);
  }
}

/** @param {number} x @param {number} beta */
function softplusSecond(x, beta) {
  const v = exactProduct(-beta, Math.abs(x));
  const rest = LOST[0];
  const half = exp(0.5 * v);
  const s = 1 + exp(v) * (1 + rest);
  return ((beta * half * (1 + rest)) / (s * s)) * half;
}

const MISH_ROOT = [-1.1924312145154952, -4.8484829848031044e-17];
const EXP_ROOT = 0.3034825352815289;

/** @type {Pass} */
function mish(z, h, d) {
  for (let i = 0; i < z.length; i++) {
    const v = Math.max(-800, Math.min(z[i], 60));
    if (v < -700) {
      h[i] = far(v, v, 0);
      d[i] = far(1 + v, v, 0);
    } else {
      const u = exp(v);
      const n = (2 + u) * u;
      const s = 1 + u;
      const q = 2 + n;
      h[i] = (n / q) * z[i];
      d[i] = (mishBracket(v, s, q) * u) / (q * q);
    }
  }
}

/** (s + 1)(s² + 1) + 4 v s, s = 1 + e^v, q = s² + 1. @param {number} v @param {number} s @param {number} q */
function mishBracket(v, s, q) {
  if (!(v > -6 && v < -0.2)) return (s + 1) * q + 4 * v * s;
  const off = v - MISH_ROOT[0] - MISH_ROOT[1];
  return expm1(off) * EXP_ROOT * (s * (s + (2 + EXP_ROOT)) - 1 / (1 + EXP_ROOT)) + 4 * off * s;
}

/** @param {number} x */
function mishSecond(x) {
  const v = Math.max(-800, Math.min(x, 800));
  const half = exp(Math.min(v / 2, -v));
  const t = v < 0 ? half * half : half;
  const q = v < 0 ? 2 + t * (2 + t) : 1 + 2 * t * (1 + t);
  const slope = v < 0 ? 2 + t * (2 - t * (3 + 2 * t)) : t * (2 * t * (1 + t) - 3) - 2;
  return half * ((4 * (2 * (1 + t) * q + v * slope)) / (q * q * q)) * half;
}

// Both forms of GELU: at -a, a >= 0, f and its derivatives are a factor times e^-exponent.
/**
 * @typedef {object} Form
 * @property {(a: number) => number} exponent  LOST[0] is what it lost
 * @property {(a: number, t: number) => number} gate  what the factors share; t is e^-exponent
 * @property {(a: number, gate: number) => number} value
 * @property {(a: number, gate: number) => number} slope
 * @property {(a: number, gate: number) => number} bend
 * @property {number[]} root  the zero of f', a sum
 * @property {number[]} nearRoot
 */

// (a + 5) e^(a²/2) Phi(-a) in y = (a - 5)/(a + 5)
const TAIL = [
  0.769193049750063, -0.6653825028900567, 0.49530561596997386, -0.31353315667129955, 0.16502036617051113,
  -0.06911863870640436, 0.020795066797416595, -0.0029933767701593532, -0.0007978693739469138,
  0.0005448990707733159, -5.937586780212169e-5, -4.976288868029808e-5, 1.6681694446690882e-5,
  3.981274923141603e-6, -2.770264894685992e-6, -3.376318795644607e-7, 4.343124300104718e-7,
  4.385236079192329e-8, -6.65400740125251e-8, -1.0623937439932971e-8, 7.573702456952603e-9,
  2.2061860857956886e-9,
];
// f'(root + d)/d for |d| < 0.2, of either form
const NEAR_ROOT = [
  0.43149399231404695, 0.388284982990552, -0.01819967639869874, -0.11400823329722015, -0.014771522140177936,
  0.01942167983773479, 0.00453922751833217, -0.0022395380196159587, -0.0007447853013717209,
  0.0001863374097792565, 8.52347765078369e-5, -1.1162453976490451e-5,
];
const NEAR_TANH_ROOT = [
  0.43040009102485854, 0.3875184461357889, -0.01578285352190442, -0.1139444830809381, -0.01661932832659814,
  0.019682309453738465, 0.005261057498195323, -0.0024227311951305073, -0.0009273571771067825,
  0.0002638962054992944, 0.00012235984005821697, -3.425477054602625e-5,
];
const K = [1.5957691216057308, 1.5957691073417664, 1.426396435433791e-8];
const C = [0.07135481627260025, 0.07135480642318726, 9.849412992916964e-9];
const SQRT2_REST = -9.667293313452913e-17;

/** The sum of two numbers, the first the larger. @param {number} high @param {number} low */
function sum(high, low) {
  const total = high + low;
  LOST[0] = low - (total - high);
  return total;
}

/** A number near a that has few bits. @param {number} a */
const short = (a) => (64 * a + ROUND - ROUND) / 64;

/** @type {Form} */
const EXACT = {
  exponent(a) {
    const high = short(a);
    return sum(0.5 * high * high, 0.5 * (a - high) * (a + high));
  },
  gate(a) {
    const scale = 1 / (a + 5);
    const y = (a - 5) * scale;
    const w = y * y;
    let even = TAIL[20];
    let odd = TAIL[21];
    for (let k = 18; k >= 0; k -= 2) {
      even = even * w + TAIL[k];
      odd = odd * w + TAIL[k + 1];
    }
    return (even + odd * y) * scale;
  },
  value: (a, tail) => -a * tail,
  slope: (a, tail) => tail - a * (1 / Math.sqrt(2 * Math.PI)),
  bend: (a) => (Math.SQRT2 - a + SQRT2_REST) * (1 / Math.sqrt(Math.PI)) * (1 + a / Math.SQRT2),
  root: [-0.7517915246935645, 1.4956759177009883e-17],
  nearRoot: NEAR_ROOT,
};

/** @type {Form} */
const TANH_FORM = {
  exponent(a) {
    const high = short(a);
    const low = a - high;
    const rest = high * (K[2] + C[2] * high * high) + low * (K[0] + C[0] * (a * a + a * high + high * high));
    return sum(high * (K[1] + C[1] * high * high), rest);
  },
  gate: (_, t) => 1 + t,
  value: (a, p) => -a / p,
  slope: (a, p) => (p - a * (K[0] + 3 * C[0] * a * a)) / (p * p),
  bend(a, p) {
    const rise = K[0] + 3 * C[0] * a * a;
    return (2 * K[0] + 12 * C[0] * a * a - (a * rise * rise * (2 - p)) / p) / (p * p);
  },
  root: [-0.7524614220710163, 3.635560509207687e-17],
  nearRoot: NEAR_TANH_ROOT,
};

/** @param {Form} form */
function gelu(form) {
  const { exponent, gate, value, slope, bend, root, nearRoot } = form;
  /** @type {Pass} */
  function pass(z, h, d) {
    for (let i = 0; i < z.length; i++) {
      const x = z[i];
      const a = Math.min(Math.abs(x), 40);
      const e = exponent(a);
      const lost = LOST[0];
      const t = exp(-e) * (1 - lost);
      const shared = gate(a, t);
      const tail = e < 690 ? value(a, shared) * t : far(value(a, shared), -e, -lost);
      const fall = e < 690 ? slope(a, shared) * t : far(slope(a, shared), -e, -lost);
      h[i] = x >= 0 ? x + tail : tail;
      d[i] = x >= 0 ? 1 - fall : fall;
      const off = x - root[0] - root[1];
      if (off > -0.2 && off < 0.2) {
        const w = off * off;
        let even = nearRoot[10];
        let odd = nearRoot[11];
        for (let k = 8; k >= 0; k -= 2) {
          even = even * w + nearRoot[k];
          odd = odd * w + nearRoot[k + 1];
        }
        d[i] = (even + odd * off) * off;
      }
    }
  }
  /** @param {number} x */
  function second(x) {
    const a = Math.min(Math.abs(x), 40);
    const e = exponent(a);
    const lost = LOST[0];
    return far(bend(a, gate(a, exp(-e) * (1 - lost))), -e, -lost);
  }
  return elementwise(pass, second);
}

const slope = { name: "negative_slope", learned: (/** @type {number} */ x) => (x < 0 ? x : none(x)) };

/** The elementwise activations by their names in actlib, in its order, and the tanh form of GELU. */
export const ACTIVATIONS = {
  sigmoid: elementwise(sigmoid, sigmoidSecond),
  tanh: elementwise(tanh, tanhSecond),
  relu: elementwise(relu, none),
  leaky_relu: elementwise(bent, none, { name: "negative_slope", default: 0.01 }),
  prelu: elementwise(bent, none, { ...slope, default: 0.25 }),
  elu: elementwise(elu, eluSecond, { name: "alpha", default: 1 }),
  swish: elementwise(swish, swishSecond, { name: "beta", default: 1, learned: swishByBeta }),
  softplus: elementwise(softplus, softplusSecond, { name: "beta", default: 1 }),
  mish: elementwise(mish, mishSecond),
  gelu: gelu(EXACT),
  gelu_tanh: gelu(TANH_FORM),
};

/** @typedef {keyof typeof ACTIVATIONS} Name */

/**
 * h = f(z) and d = f'(z) in one pass.
 *
 * @param {Name} name
 * @param {Float64Array} z
 * @param {Float64Array} h
 * @param {Float64Array} d
 * @param {number} [parameter]
 */
export function applyActivation(name, z, h, d, parameter) {
  const f = ACTIVATIONS[name];
  f.pass(z, h, d, parameter ?? f.parameter?.default ?? NaN);
}

/**
 * The derivative of f(x) by the parameter that a network may learn: the slope of PReLU, beta of Swish.
 *
 * @param {Name} name
 * @param {number} x
 * @param {number} parameter
 */
export function derivativeByParameter(name, x, parameter) {
  const { learned } = ACTIVATIONS[name].parameter ?? {};
  if (!learned) throw new RangeError(`name must be an activation with a learned parameter, got ${name}`);
  return learned(x, parameter);
}

/**
 * Probabilities of scores. That of minus infinity is 0; all are NaN where a score is NaN or infinity.
 * @param {Float64Array} z @param {Float64Array} out which may be z
 */
export function softmax(z, out) {
  let top = -Infinity;
  for (let i = 0; i < z.length; i++) if (!(z[i] <= top)) top = z[i];
  let total = 0;
  for (let i = 0; i < z.length; i++) {
    // z - top is exactly shifted + rest (Knuth): a rounded exponent costs hundreds of ulp.
    const shifted = z[i] - top;
    const back = shifted - z[i];
    const rest = z[i] - (shifted - back) - (top + back);
    const e = exp(shifted);
    out[i] = shifted > -1e4 ? e + e * rest : e;
    total += out[i];
  }
  for (let i = 0; i < z.length; i++) out[i] /= total;
}

/**
 * The gradient by the scores, given the probabilities and the gradient by them.
 *
 * @param {Float64Array} p
 * @param {Float64Array} upstream
 * @param {Float64Array} out
 */
export function softmaxBackward(p, upstream, out) {
  let best = 0;
  for (let i = 1; i < p.length; i++) if (p[i] > p[best]) best = i;
  // Without the winner's share, which has no effect, the difference below cannot cancel.
  let mean = 0;
  for (let i = 0; i < p.length; i++) mean += p[i] * (upstream[i] - upstream[best]);
  for (let i = 0; i < p.length; i++) out[i] = p[i] * (upstream[i] - upstream[best] - mean);
}

/**
 * Where the largest of `pieces` numbers is, from `start` on: the first of equals, a NaN before all.
 * @param {Float64Array} z @param {number} start @param {number} pieces
 */
export function largest(z, start, pieces) {
  let best = start;
  for (let i = start + 1; i < start + pieces; i++) if (!(z[i] <= z[best]) && !Number.isNaN(z[best])) best = i;
  return best;
}
