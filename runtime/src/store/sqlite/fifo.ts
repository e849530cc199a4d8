/** A queue whose ends cost nothing; what has left is not held. */
export class Fifo<T> {
  #items: (T | undefined)[] = []
  #start = 0

  get length(): number {
    return this.#items.length - this.#start
  }

  get first(): T | undefined {
    return this.#items[this.#start]
  }

  get last(): T | undefined {
    return this.length > 0 ? this.#items.at(-1) : undefined
  }

  /** Counted from the first. */
  at(index: number): T | undefined {
    return this.#items[this.#start + index]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#start]
    this.#items[this.#start++] = undefined
    if (this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
    return item
  }

  slice(from: number, to: number): T[] {
    return this.#items.slice(this.#start + from, this.#start + to) as T[]
  }
}
