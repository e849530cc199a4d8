// Chance that can be had again: the same seed and number give the same choices, whatever came before or comes beside it.

/** Mixes the bits of a 32-bit number (the finalizer of MurmurHash3). */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

const GOLDEN = 0x9e3779b9

export class Chance {
  #state: number

  /** `number`: of the request, so that each can be made alone. */
  constructor(seed: number, number: number) {
    this.#state = mixed(mixed(seed) + number)
  }

  /** From 0 up to 1. */
  share(): number {
    this.#state = (this.#state + GOLDEN) >>> 0
    return mixed(this.#state) / 2 ** 32
  }

  /** From 0 up to `end`, without it. */
  below(end: number): number {
    return Math.floor(this.share() * end)
  }

  /** True about so often: 0.1 is one in ten. */
  happens(share: number): boolean {
    return this.share() < share
  }

  /** @throws Error if there is nothing to choose from */
  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new Error('There is nothing to choose from.')
    return choices[this.below(choices.length)] as T
  }
}
