// Elementary functions from + - * / alone, which IEEE 754 fixes to the last bit: every browser gives the same
// bits, while their own `Math.exp` and the like differ in the last. Special values are those of `Math`.
// benchmarks/polynomials.py fits the polynomials, tests/live/test_elementary.py measures the errors.

// (e^r - 1 - r - r²/2)/r³
const EXP = [
  0.16666666666666669, 0.041666666666666664, 0.008333333333330065, 0.0013888888888886554,
  0.00019841269863040545, 2.4801587317135164e-5, 2.7557268480310024e-6, 2.755728298405588e-7,
  2.5100375832561234e-8, 2.091122972975856e-9,
];
// (2 artanh(s)/s - 2)/z, z = s²
const LOG = [
  0.6666666666666666, 0.4000000000000088, 0.28571428570803614, 0.22222222391713917, 0.18181795640132906,
  0.15386239702814658, 0.13268773138656886, 0.13086626147840102,
];
// (tanh(x)/x - 1)/z, z = x²
const TANH = [
  -0.3333333333333333, 0.13333333333332714, -0.053968253967434016, 0.021869488493666944,
  -0.008863234397814355, 0.003592110378689024, -0.001455661830100716, 0.0005889360520074057,
  -0.0002346347410887237, 8.511313685577672e-5, -2.060276537636634e-5,
];
// (sin(r)/r - 1)/z and (cos(r) - 1 + z/2)/z², z = r²
const SIN = [
  -0.16666666666666666, 0.008333333333333331, -0.00019841269841265065, 2.7557319219339167e-6,
  -2.5052106232447578e-8, 1.6058531618986147e-10, -7.586697117706918e-13,
];
const COS = [
  0.041666666666666664, -0.0013888888888888887, 2.4801587301584645e-5, -2.7557319221402824e-7,
  2.087675579108042e-9, -1.1470460887609959e-11, 4.7458719020432915e-14,
];

// ln 2 and π/2 as sums: the first parts have so few bits that their products here are exact.
const LN2 = [0.6931471805598903, 5.497923018708371e-14];
const HALF_PI = [1.5707963267923333, 2.5633441514780767e-12, 1.1644211747377496e-22];
const TWO_OVER_PI = 0.6366197723675814;
/** Added to a number and taken from it again, this leaves a whole number. */
const ROUND = 6755399441055744;
/** Below, a function that is x near 0 is x. */
const TINY = 1e-9;

// 2^n from n = -540 to 540; a power beyond is a product of two.
const POWERS = new Float64Array(1081);
const MIDDLE = 540;
POWERS[MIDDLE] = 1;
for (let n = 1; n <= MIDDLE; n++) {
  POWERS[MIDDLE + n] = 2 * POWERS[MIDDLE + n - 1];
  POWERS[MIDDLE - n] = 1 / POWERS[MIDDLE + n];
}

/** x 2^n, rounded at most once, to a subnormal number. @param {number} x @param {number} n */
function scale(x, n) {
  const half = n >> 1;
  return x * POWERS[MIDDLE + half] * POWERS[MIDDLE + n - half];
}

/** (e^r - 1) - r for |r| <= ln(2)/2. @param {number} r */
function expRest(r) {
  const z = r * r;
  const low = EXP[0] + r * EXP[1] + z * (EXP[2] + r * EXP[3]);
  const high = EXP[4] + r * EXP[5] + z * (EXP[6] + r * EXP[7] + z * (EXP[8] + r * EXP[9]));
  return z * (0.5 + r * (low + z * z * high));
}

/** e^x; within 0.65 ulp. @param {number} x */
export function exp(x) {
  if (!(x > -746 && x < 710)) return x < 0 ? 0 : x > 0 ? Infinity : x;
  const n = x * Math.LOG2E + ROUND - ROUND;
  const high = x - n * LN2[0];
  const r = high - n * LN2[1];
  const rest = high - r - n * LN2[1];
  const sum = 1 + r;
  return scale(sum + (r - (sum - 1) + (expRest(r) + rest * sum)), n);
}

/** e^x - 1; within 1 ulp. @param {number} x */
export function expm1(x) {
  if (!(x > -40 && x < 40)) return x < 0 ? -1 : exp(x);
  if (x < TINY * TINY && x > -TINY * TINY) return x;
  const n = x * Math.LOG2E + ROUND - ROUND;
  const high = x - n * LN2[0];
  const r = high - n * LN2[1];
  const rest = high - r - n * LN2[1];
  const power = POWERS[MIDDLE + n];
  const base = power - 1;
  const sum = base + power * r;
  const lost = power * r - (sum - base) + (power - base - 1);
  return sum + (lost + power * (expRest(r) + (rest + rest * r)));
}

/**
 * ln(2^n (1 + f)) + rest for 1 + f from √½ to √2.
 * @param {number} n @param {number} f @param {number} rest
 */
function logOf(n, f, rest) {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const low = LOG[0] + z * LOG[1] + w * (LOG[2] + z * LOG[3]);
  const high = LOG[4] + z * LOG[5] + w * (LOG[6] + z * LOG[7]);
  const base = n * LN2[0];
  const sum = base + f;
  const square = 0.5 * f * f; // f - square + s (square + ...) loses less than f - s (f - ...), which it is
  const less = square - s * (square + z * (low + w * w * high));
  return sum + (f - (sum - base) + (n * LN2[1] + rest - less));
}

const BITS = new DataView(new ArrayBuffer(8));

/** ln(x) + rest for a normal x > 0. @param {number} x @param {number} rest */
function logarithm(x, rest) {
  BITS.setFloat64(0, x, true);
  // The upper half of the bits of √½ is subtracted, so that x 2^-n lies between √½ and √2.
  const n = (BITS.getInt32(4, true) - 0x3fe6a09e) >> 20;
  return logOf(n, scale(x, -n) - 1, rest);
}

/** ln x; within 0.95 ulp. @param {number} x */
export function log(x) {
  if (!(x > 0 && x < Infinity)) return x < 0 ? NaN : x === 0 ? -Infinity : x;
  return x > 1e-300 ? logarithm(x, 0) : logarithm(x * POWERS[MIDDLE + 60], -60 * (LN2[0] + LN2[1]));
}

/** ln(1 + x); within 0.95 ulp. @param {number} x */
export function log1p(x) {
  if (x > -0.29 && x < 0.41) return x < TINY * TINY && x > -TINY * TINY ? x : logOf(0, x, 0);
  if (!(x > -1 && x < Infinity)) return x < -1 ? NaN : x === -1 ? -Infinity : x;
  const sum = 1 + x;
  return logarithm(sum, (x > 1 ? 1 - (sum - x) : x - (sum - 1)) / sum);
}

/** tanh x; within 1.5 ulp. @param {number} x */
export function tanh(x) {
  const a = x < 0 ? -x : x;
  if (a < 0.55) {
    if (a < TINY) return x;
    const z = x * x;
    const w = z * z;
    const low = TANH[0] + z * TANH[1] + w * (TANH[2] + z * TANH[3]);
    const high =
      TANH[4] + z * TANH[5] + w * (TANH[6] + z * TANH[7] + w * (TANH[8] + z * TANH[9] + w * TANH[10]));
    return x + x * z * (low + w * w * high);
  }
  const t = exp(-2 * a);
  const value = 1 - (2 * t) / (1 + t);
  return x < 0 ? -value : value;
}

// What `reduce` leaves: x is so many quarter turns and an angle from -π/4 to π/4, which is a sum.
let quarters = 0;
let angle = 0;
let rest = 0;

/** Take whole quarter turns from a finite x. @param {number} x */
function reduce(x) {
  if (x > 1e5 || x < -1e5) return reduceFar(x);
  quarters = x * TWO_OVER_PI + ROUND - ROUND;
  const most = x - quarters * HALF_PI[0];
  const next = most - quarters * HALF_PI[1];
  const last = most - next - quarters * HALF_PI[1] - quarters * HALF_PI[2];
  angle = next + last;
  rest = next - angle + last;
}

/** π/2 in units of 2^-1200, once it is needed. */
let halfPi = 0n;

/** arctan(1/n) in units of 2^-1240. @param {bigint} n */
function arccot(n) {
  let sum = 0n;
  for (let term = (1n << 1240n) / n, k = 1n; term; term /= -n * n, k += 2n) sum += term / k;
  return sum;
}

/** `reduce` in whole numbers, exact for the largest x. @param {number} x */
function reduceFar(x) {
  halfPi ||= (8n * arccot(5n) - 2n * arccot(239n)) >> 40n; // Machin's formula
  // Beyond 2^16, x is a multiple of 2^-36.
  const far = x > POWERS[MIDDLE + 60] || x < -POWERS[MIDDLE + 60];
  const units = far ? BigInt(x) << 1200n : BigInt(x * POWERS[MIDDLE + 36]) << 1164n;
  let count = units / halfPi;
  let left = units - count * halfPi;
  if (2n * left > halfPi || 2n * left < -halfPi) {
    const step = left > 0n ? 1n : -1n;
    count += step;
    left -= step * halfPi;
  }
  const digits = left >> 1040n;
  quarters = Number(count & 3n);
  angle = Number(digits) * POWERS[MIDDLE - 160];
  rest = Number(digits - BigInt(Number(digits))) * POWERS[MIDDLE - 160];
}

/** The sine of what `reduce` left. */
function sinOfRest() {
  const z = angle * angle;
  const w = z * z;
  const high = SIN[3] + z * SIN[4] + w * (SIN[5] + z * SIN[6]);
  return angle + (angle * z * (SIN[0] + z * (SIN[1] + z * SIN[2]) + w * z * high) + rest * (1 - 0.5 * z));
}

/** The cosine of what `reduce` left. */
function cosOfRest() {
  const z = angle * angle;
  const w = z * z;
  const high = COS[3] + z * COS[4] + w * (COS[5] + z * COS[6]);
  const sum = 1 - 0.5 * z;
  return sum + (1 - sum - 0.5 * z + (w * (COS[0] + z * (COS[1] + z * COS[2]) + w * z * high) - angle * rest));
}

/** sin x, of every x; within 0.8 ulp. @param {number} x */
export function sin(x) {
  if (x < TINY && x > -TINY) return x;
  if (!(x > -Infinity && x < Infinity)) return NaN;
  reduce(x);
  const value = quarters & 1 ? cosOfRest() : sinOfRest();
  return quarters & 2 ? -value : value;
}

/** cos x, of every x; within 0.85 ulp. @param {number} x */
export function cos(x) {
  if (!(x > -Infinity && x < Infinity)) return NaN;
  reduce(x);
  const value = quarters & 1 ? sinOfRest() : cosOfRest();
  return (quarters + 1) & 2 ? -value : value;
}
