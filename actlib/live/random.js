// Random numbers that a seed decides: the same in every browser, and in Python (actlib/lab/random.py).

import { log } from "./elementary.js";

const SEEDS = 4294967296;

/**
 * The generator xoshiro128++ of D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators",
 * 2019, arXiv:1805.01407. Its state is filled from the seed by splitmix32, a counter whose bits are mixed.
 */
export class Random {
  #state = new Uint32Array(4);
  #spare = NaN;

  /** @param {number} seed an integer from 0 to 4294967295; different seeds give different states */
  constructor(seed) {
    if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS)
      throw new RangeError(`seed must be an integer from 0 to ${SEEDS - 1}, got ${seed}`);
    for (let i = 0, counter = seed; i < 4; i++) {
      counter = (counter + 0x9e3779b9) | 0;
      let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#state[i] = mixed ^ (mixed >>> 15);
    }
  }

  /** The next 32 bits, as an integer from 0 to 4294967295. */
  bits() {
    const s = this.#state;
    const sum = (s[0] + s[3]) | 0,
      result = (((sum << 7) | (sum >>> 25)) + s[0]) >>> 0;
    const shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A multiple of 2^-53 from 0 to 1 - 2^-53, each equally likely. */
  uniform() {
    const high = this.bits() >>> 5;
    return (high * 67108864 + (this.bits() >>> 6)) / 9007199254740992;
  }

  /** A standard normal number, by the polar method of G. Marsaglia: they come in pairs. */
  normal() {
    if (!Number.isNaN(this.#spare)) {
      const kept = this.#spare;
      this.#spare = NaN;
      return kept;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1,
        v = 2 * this.uniform() - 1,
        square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * log(square)) / square);
        this.#spare = v * factor;
        return u * factor;
      }
    }
  }

  /** An integer from 0 to n - 1; n is at most 2^32, so that none is favoured by more than 2^-21. */
  integer(n) {
    if (!Number.isInteger(n) || n < 1 || n > SEEDS)
      throw new RangeError(`n must be an integer from 1 to ${SEEDS}, got ${n}`);
    return Math.floor(this.uniform() * n);
  }

  /**
   * Put the elements of an array in an order of which each is equally likely; return the array.
   * @template {{length: number, [index: number]: any}} A
   * @param {A} array
   * @returns {A}
   */
  shuffle(array) {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1),
        kept = array[i];
      array[i] = array[j];
      array[j] = kept;
    }
    return array;
  }
}
