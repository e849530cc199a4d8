// Where the entries of a run are, packed: for each entry after the first, how far its seq and its pos are from those before it,
// as variable-length integers of 7 bits a byte, lowest first, with the high bit set on all but the last.

export interface Place {
  seq: number
  pos: number
}

const HIGH_BIT = 0x80

export class PlacePacker {
  readonly first: Place
  lastSeq: number
  #lastPos: number
  readonly #bytes: number[] = []
  count = 1

  constructor(seq: number, pos: number) {
    this.first = { seq, pos }
    this.lastSeq = seq
    this.#lastPos = pos
  }

  add(seq: number, pos: number): void {
    this.#push(seq - this.lastSeq)
    this.#push(pos - this.#lastPos)
    this.lastSeq = seq
    this.#lastPos = pos
    this.count++
  }

  packed(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }

  // By division, because distances may need more than the 32 bits of bitwise operators.
  #push(distance: number): void {
    let rest = distance
    while (rest >= HIGH_BIT) {
      this.#bytes.push((rest % HIGH_BIT) + HIGH_BIT)
      rest = Math.floor(rest / HIGH_BIT)
    }
    this.#bytes.push(rest)
  }
}

/** The places of a run, the first included, in order. */
export function unpackPlaces(first: Place, packed: Uint8Array): Place[] {
  const places = [first]
  let { seq, pos } = first
  let at = 0
  const next = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= HIGH_BIT) {
      const byte = packed[at++]
      if (byte === undefined) throw new Error('The index of the log is cut short.')
      if (byte < HIGH_BIT) return value + byte * scale
      value += (byte - HIGH_BIT) * scale
    }
  }
  while (at < packed.length) {
    seq += next()
    pos += next()
    places.push({ seq, pos })
  }
  return places
}
