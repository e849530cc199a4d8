// Something that is done for each of many again and again, spread over the time between, so that never all are done at once.

const SLOTS = 100

/** Calls what it is given every `everyMs`. Answers how to stop. */
export type Beat = (beat: () => void) => () => void

export function createBeats(everyMs: number): Beat {
  const slots = Array.from({ length: SLOTS }, () => new Set<() => void>())
  let [count, turn, next] = [0, 0, 0]
  let timer: NodeJS.Timeout | undefined

  function tick(): void {
    turn = (turn + 1) % SLOTS
    for (const beat of slots[turn]!) beat()
  }

  return (beat) => {
    // By turns, so that whoever comes together is called apart.
    const slot = slots[(next = (next + 1) % SLOTS)]!
    slot.add(beat)
    if (count++ === 0) timer = setInterval(tick, everyMs / SLOTS).unref()
    return () => {
      if (slot.delete(beat) && --count === 0) clearInterval(timer)
    }
  }
}
