// A formula in x that the reader types: read by a grammar of its own, so that no text ever runs as code,
// then computed with its first two derivatives by Taylor arithmetic, on whole arrays.
//
//   sum     = product { (+ | -) product }
//   product = signed { (* | /) signed | power }       a product may go without its sign: 2x, 2(x + 1), x(1 - x)
//   signed  = { + | - } power                         so -x^2 is -(x^2)
//   power   = atom [ ² | ³ | ^ signed ]               so 2^x^2 is 2^(x^2); ** is ^
//   atom    = number | x | e | pi | name "(" sum { , sum } ")" | "(" sum ")"
//
// After / and after an exponent a product needs its sign: 1/2x and e^2x can be read in two ways.

import { ACTIVATIONS } from "./activations.js";
import { cos, exp, expm1, log, log1p, sin } from "./elementary.js";

/**
 * @typedef {[string, ...any[]]} Tree ["x"], ["number", 2], or an operation and what it is applied to
 * @typedef {(x: number) => number} Scalar
 * @typedef {[Scalar, Scalar, Scalar]} Smooth a function and its first two derivatives
 * @typedef {[Float64Array, Float64Array, Float64Array]} Jet values, first and second derivatives by x
 * @typedef {{kind: "number" | "name" | "sign", text: string, position: number}} Token
 */

const LONGEST = 500;
const DEEPEST = 50;
/** How many numbers are computed at once. */
const BLOCK = 256;

/** What is wrong with a formula, in words, and where: the first character is at position 1. */
export class Mistake extends Error {
  /**
   * @param {number} position
   * @param {string} what
   */
  constructor(position, what) {
    super(`position ${position}: ${what}`);
    this.position = position;
  }
}

/** @type {Record<string, Smooth>} */
const ELEMENTARY = {
  exp: [exp, exp, exp],
  expm1: [expm1, exp, exp],
  log: [log, (x) => 1 / x, (x) => -1 / (x * x)],
  log1p: [log1p, (x) => 1 / (1 + x), (x) => -1 / ((1 + x) * (1 + x))],
  sqrt: [Math.sqrt, (x) => 0.5 / Math.sqrt(x), (x) => -0.25 / (x * Math.sqrt(x))],
  sin: [sin, cos, (x) => -sin(x)],
  cos: [cos, (x) => -sin(x), (x) => -cos(x)],
  abs: [Math.abs, (x) => (x > 0 ? 1 : x <= 0 ? -1 : x), (x) => 0 * x],
};
const CHOICES = ["max", "min"];
const NAMES = [...Object.keys(ELEMENTARY), ...CHOICES, ...Object.keys(ACTIVATIONS)];
/** @type {Record<string, string>} */
const ALSO = { ln: "log", silu: "swish", σ: "sigmoid" };
/** @type {Record<string, number>} */
const CONSTANTS = { e: Math.E, pi: Math.PI, π: Math.PI };
/** @type {Record<string, number>} */
const LEVEL = { "+": 1, "-": 1, "*": 2, "/": 2 };
/** @type {Record<string, string>} */
const TYPED = { "−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", "**": "^" };

/**
 * @param {string} text
 * @returns {Token[]}
 */
function tokensOf(text) {
  const pattern =
    /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|([\p{L}_][\p{L}\d_]*)|(\*\*|[-−–+*·×⋅/÷^(),²³]))/uy;
  if (text.length > LONGEST)
    throw new Mistake(LONGEST + 1, `a formula may have ${LONGEST} characters, this one has ${text.length}`);
  /** @type {Token[]} */
  const tokens = [];
  while (text.slice(pattern.lastIndex).trim()) {
    const start = pattern.lastIndex,
      found = pattern.exec(text);
    if (!found) {
      const at = start + text.slice(start).search(/\S/);
      throw new Mistake(at + 1, `${String.fromCodePoint(text.codePointAt(at) ?? 0)} has no meaning here`);
    }
    const [, number, name, sign] = found,
      token = number ?? name ?? sign;
    tokens.push({
      kind: number ? "number" : name ? "name" : "sign",
      text: sign && Object.hasOwn(TYPED, sign) ? TYPED[sign] : token,
      position: pattern.lastIndex - token.length + 1,
    });
  }
  return tokens;
}

/**
 * @param {string} text
 * @returns {Tree}
 */
function treeOf(text) {
  const tokens = tokensOf(text);
  const end = text.trimEnd().length + 1;
  let next = 0,
    depth = 0,
    // Where the last exponent without brackets ended.
    exponent = -1;

  const position = () => tokens[next]?.position ?? end;
  /** @param {string} sign */
  const sees = (sign) => tokens[next]?.kind === "sign" && tokens[next].text === sign;
  /** @param {string} sign */
  const takes = (sign) => sees(sign) && ++next > 0;

  /** @returns {Tree} */
  function binary(level) {
    let left = signed(),
      last = "";
    for (;;) {
      const token = tokens[next];
      if (!token) return left;
      const implied = token.kind !== "sign" || token.text === "(";
      const sign = implied ? "*" : token.text;
      if (!Object.hasOwn(LEVEL, sign) || LEVEL[sign] < level) return left;
      if (!implied) next++;
      else if (token.kind === "number")
        throw new Mistake(token.position, `a sign is missing before ${token.text}`);
      else if (last === "/" || exponent === next)
        throw new Mistake(
          token.position,
          `after ${last === "/" ? "a division" : "an exponent"} a product needs its sign *, or brackets: ` +
            (last === "/" ? "1/2x may be 1/(2*x) or (1/2)*x" : "e^2x may be e^(2*x) or e^2*x"),
        );
      left = node(sign, left, binary(LEVEL[sign] + 1));
      last = sign;
    }
  }
  /** @returns {Tree} */
  function signed() {
    if (takes("-")) return node("*", ["number", -1], nested(signed));
    return takes("+") ? nested(signed) : power();
  }
  /** @returns {Tree} */
  function power() {
    const base = atom();
    const raised = takes("²") ? 2 : takes("³") ? 3 : 0;
    if (!raised && !takes("^")) return base;
    const result = node("^", base, raised ? ["number", raised] : nested(signed));
    if (!raised && tokens[next - 1].text !== ")") exponent = next;
    if (sees("^") || sees("²") || sees("³"))
      throw new Mistake(position(), "a power of a power needs brackets, as in (x^2)^3");
    return result;
  }
  /** @returns {Tree} */
  function atom() {
    const token = tokens[next];
    if (!token) throw new Mistake(end, "here a number, x or a name is missing");
    next++;
    if (token.kind === "number") return number(token);
    if (token.kind === "name") return named(token);
    if (token.text !== "(") throw new Mistake(token.position, `${token.text} cannot stand here`);
    const inner = nested(() => binary(1));
    if (sees(",")) throw new Mistake(position(), "a comma stands in the brackets of a name alone");
    closes(token);
    return inner;
  }
  /** @returns {Tree} */
  function number({ text, position }) {
    const value = Number(text);
    if (value === Infinity || (value === 0 && /^[.0]*[1-9]/.test(text)))
      throw new Mistake(position, `${text} is too ${value ? "large" : "small"} for a float`);
    return ["number", value];
  }
  /** @returns {Tree} */
  function named({ text, position }) {
    const name = Object.hasOwn(ALSO, text) ? ALSO[text] : text;
    if (name === "x") return ["x"];
    if (Object.hasOwn(CONSTANTS, name)) return ["number", CONSTANTS[name]];
    if (name === "softmax" || name === "maxout")
      throw new Mistake(position, `${name} takes several numbers, x is one`);
    if (!NAMES.includes(name)) {
      const meant = NAMES.find((known) => known === name.toLowerCase());
      const known = `the names are x, e, pi, ln, ${NAMES.join(", ")}`;
      throw new Mistake(position, `${text} is not known; ${meant ? `write ${meant}` : known}`);
    }
    if (!sees("(")) throw new Mistake(position, `${text} needs brackets: ${text}(x)`);
    const opened = tokens[next++],
      inner = [nested(() => binary(1))];
    while (takes(",")) inner.push(nested(() => binary(1)));
    closes(opened);
    if (CHOICES.includes(name)) {
      if (inner.length < 2) throw new Mistake(position, `${text} needs two numbers: ${text}(x, 0)`);
      return inner.reduce((left, right) => node(name, left, right));
    }
    const parameter = Object.hasOwn(ACTIVATIONS, name) && ACTIVATIONS[name].parameter;
    if (inner.length > (parameter ? 2 : 1))
      throw new Mistake(
        position,
        `${text} takes one number${parameter ? ` and ${parameter.name}` : ""}, here it has ${inner.length}`,
      );
    if (inner.length === 2 && inner[1][0] !== "number")
      throw new Mistake(position, `${parameter.name} of ${text} must be a number without x`);
    return node(name, ...inner);
  }
  /** @param {Token} opened */
  function closes(opened) {
    if (takes(")")) return;
    if (next < tokens.length) throw new Mistake(position(), `${tokens[next].text} cannot stand here`);
    throw new Mistake(end, `a closing bracket is missing for the one at position ${opened.position}`);
  }
  /** @param {() => Tree} read */
  function nested(read) {
    if (++depth > DEEPEST)
      throw new Mistake(tokens[next - 1].position, `more than ${DEEPEST} brackets or signs in each other`);
    const tree = read();
    depth--;
    return tree;
  }

  if (!tokens.length) throw new Mistake(1, "a formula in x is missing, such as x*tanh(softplus(x))");
  const tree = binary(1);
  if (sees(")")) throw new Mistake(position(), "this closing bracket closes nothing");
  if (sees(",")) throw new Mistake(position(), "a comma stands in the brackets of a name alone");
  if (next < tokens.length) throw new Mistake(position(), `${tokens[next].text} cannot stand here`);
  return tree;
}

/**
 * An operation and its operands, computed at once where all are numbers.
 * @param {string} name
 * @param {...Tree} parts
 * @returns {Tree}
 */
function node(name, ...parts) {
  if (!parts.every(([kind]) => kind === "number")) return [name, ...parts];
  const { fill, output } = compiled([name, ...parts]);
  fill(1);
  return ["number", output[0][0]];
}

/**
 * The integer power of a number, by multiplication.
 * @param {number} x
 * @param {number} n
 */
function raised(x, n) {
  let result = 1;
  for (let base = x; n > 0; n = Math.floor(n / 2), base *= base) if (n % 2) result *= base;
  return result;
}

/**
 * x^p, by products where p is a multiple of 1/2. Its error grows with p, else with |p log x|.
 * @param {number} x
 * @param {number} p
 * @returns {number}
 */
function power(x, p) {
  if (p < 0) return 1 / power(x, -p);
  if (Number.isInteger(p)) return raised(x, p);
  return Number.isInteger(2 * p) ? raised(x, p - 0.5) * Math.sqrt(x) : exp(p * log(x));
}

/**
 * c x^p; 0 where c is 0, even where the power is infinite.
 * @param {number} c
 * @param {number} p
 * @returns {Scalar}
 */
const monomial = (c, p) => (x) => (c === 0 ? 0 * x : c * power(x, p));

/**
 * A function of one operand, if the tree is one, with its derivatives.
 * @param {Tree} tree
 * @returns {Smooth | undefined}
 */
function smooth([name, , other]) {
  if (Object.hasOwn(ELEMENTARY, name)) return ELEMENTARY[name];
  if (Object.hasOwn(ACTIVATIONS, name)) {
    const { parameter, value, derivative, second } = ACTIVATIONS[name];
    const p = other ? other[1] : parameter?.default;
    return [(x) => value(x, p), (x) => derivative(x, p), (x) => second(x, p)];
  }
  if (name !== "^" || other[0] !== "number") return undefined;
  const p = other[1];
  return [monomial(1, p), monomial(p, p - 1), monomial(p * (p - 1), p - 2)];
}

/**
 * The function of a function. At 0, where a function may have a kink, its derivatives are those of the side
 * from which the inner function comes as x comes from the left.
 * @param {Smooth} outer
 * @param {Jet} inner
 * @param {Jet} out
 */
function chain([value, first, second], [v, d, e], [V, D, E]) {
  return (n) => {
    for (let i = 0; i < n; i++) {
      const above = v[i] === 0 && (d[i] < 0 || (d[i] === 0 && e[i] > 0));
      const x = above ? Number.MIN_VALUE : v[i];
      V[i] = value(v[i]);
      // Where a value is not a number, as log(-1), no derivative is one.
      const none = Number.isNaN(V[i]),
        slope = none ? NaN : first(x),
        bend = none ? NaN : second(x);
      D[i] = slope * d[i];
      E[i] = bend * d[i] * d[i] + (e[i] === 0 ? 0 : slope * e[i]);
    }
  };
}

/**
 * The larger of two (sign 1) or the smaller (sign -1), and NaN where one is NaN. Where both are equal, the one
 * that is so to the left.
 * @param {number} sign
 */
const choice =
  (sign) =>
  ([av, ad, ae], [bv, bd, be], [V, D, E]) =>
  (n) => {
    for (let i = 0; i < n; i++) {
      const more = av[i] === bv[i] ? bd[i] - ad[i] || ae[i] - be[i] : av[i] - bv[i];
      const [v, d, e] = sign * more < 0 || Number.isNaN(bv[i]) ? [bv, bd, be] : [av, ad, ae];
      V[i] = v[i];
      D[i] = d[i];
      E[i] = e[i];
    }
  };

/**
 * A product with a number, or a quotient by one.
 * @param {Scalar} change
 * @param {Jet} inner
 * @param {Jet} out
 */
const linear = (change, inner, out) => (n) => {
  for (const k of [0, 1, 2]) for (let i = 0; i < n; i++) out[k][i] = change(inner[k][i]);
};

/** @type {Record<string, (a: Jet, b: Jet, out: Jet) => (n: number) => void>} */
const OPERATIONS = {
  "+":
    ([av, ad, ae], [bv, bd, be], [V, D, E]) =>
    (n) => {
      for (let i = 0; i < n; i++) {
        V[i] = av[i] + bv[i];
        D[i] = ad[i] + bd[i];
        E[i] = ae[i] + be[i];
      }
    },
  "-":
    ([av, ad, ae], [bv, bd, be], [V, D, E]) =>
    (n) => {
      for (let i = 0; i < n; i++) {
        V[i] = av[i] - bv[i];
        D[i] = ad[i] - bd[i];
        E[i] = ae[i] - be[i];
      }
    },
  "*":
    ([av, ad, ae], [bv, bd, be], [V, D, E]) =>
    (n) => {
      for (let i = 0; i < n; i++) {
        V[i] = av[i] * bv[i];
        D[i] = ad[i] * bv[i] + av[i] * bd[i];
        E[i] = ae[i] * bv[i] + 2 * ad[i] * bd[i] + av[i] * be[i];
      }
    },
  "/":
    ([av, ad, ae], [bv, bd, be], [V, D, E]) =>
    (n) => {
      for (let i = 0; i < n; i++) {
        const quotient = av[i] / bv[i],
          slope = (ad[i] - quotient * bd[i]) / bv[i];
        V[i] = quotient;
        D[i] = slope;
        E[i] = (ae[i] - 2 * slope * bd[i] - quotient * be[i]) / bv[i];
      }
    },
  max: choice(1),
  min: choice(-1),
};

/**
 * The steps that compute a tree, and where its numbers then stand.
 * @param {Tree} tree
 */
function compiled(tree) {
  /** @type {((n: number) => void)[]} */
  const steps = [];
  /** @returns {Jet} */
  const jet = () => [new Float64Array(BLOCK), new Float64Array(BLOCK), new Float64Array(BLOCK)];
  const input = jet();
  input[1].fill(1);
  /**
   * @param {Tree} tree
   * @returns {Jet}
   */
  function build(tree) {
    const [name, a, b] = tree,
      out = jet();
    if (name === "x") return input;
    if (name === "number") {
      out[0].fill(a);
      return out;
    }
    const known = smooth(tree);
    if (name === "^" && !known) return build(["exp", a[1] === Math.E ? b : node("*", b, node("log", a))]);
    if (known) steps.push(chain(known, build(a), out));
    else if (name === "*" && a[0] === "number") steps.push(linear((y) => a[1] * y, build(b), out));
    else if (name === "*" && b[0] === "number") steps.push(linear((y) => y * b[1], build(a), out));
    else if (name === "/" && b[0] === "number") steps.push(linear((y) => y / b[1], build(a), out));
    else steps.push(OPERATIONS[name](build(a), build(b), out));
    return out;
  }
  const output = build(tree);
  return {
    input: input[0],
    output,
    /** @param {number} n */
    fill(n) {
      for (const step of steps) step(n);
    },
  };
}

/**
 * Read a formula in x.
 * @param {string} text
 * @throws {Mistake} what is wrong with it, and where
 */
export function parse(text) {
  const { input, output, fill } = compiled(treeOf(text));
  /** @param {number} order */
  const scalar = (order) => (x) => {
    input[0] = x;
    fill(1);
    return output[order][0];
  };
  return {
    text,
    value: scalar(0),
    /** The derivative, at a kink that of the left side. */
    first: scalar(1),
    second: scalar(2),
    /**
     * Compute values and derivatives for all of x, into arrays of its length.
     * @param {Float64Array} x
     * @param {...Float64Array} into for the values, the first and the second derivatives, or fewer
     */
    run(x, ...into) {
      for (let from = 0; from < x.length; from += BLOCK) {
        const part = x.subarray(from, from + BLOCK);
        input.set(part);
        fill(part.length);
        into.forEach((array, order) => array.set(output[order].subarray(0, part.length), from));
      }
    },
  };
}
