/** Random choices that a seed brings again ("mulberry32"). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Another one, whose choices do not depend on how often this one is asked from here on. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }

  /** 0 to 1, without 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, from 0. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** One of them, more often the more it weighs. */
  weighed<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    const found = entries.find(([, weight]) => {
      left -= weight;
      return left < 0;
    });
    return (found ?? (entries[0] as [T, number]))[0];
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    // The rest repeats, which still tells one part of a large content from another.
    for (let at = 0; at < Math.min(length, 4096); at++) bytes[at] = this.below(256);
    for (let at = 4096; at < length; at += 4093) bytes.copy(bytes, at, 0, Math.min(4093, length - at));
    return bytes;
  }
}
