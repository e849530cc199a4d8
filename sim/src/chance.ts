// Choices of a simulation, all from its seed.

import { chanceOf } from '@biplane/realm-testing/chance'

export class Chance {
  /** From 0 up to 1. */
  readonly draw: () => number

  constructor(seed: number) {
    this.draw = chanceOf(seed)
  }

  /** A whole number from 0 up to, and without, `count`. */
  below(count: number): number {
    return Math.floor(this.draw() * count)
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** True one time in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }

  /** Chance of its own, so that what one part of a simulation draws does not move what another part draws. */
  fork(): Chance {
    return new Chance(this.below(2 ** 32))
  }
}
