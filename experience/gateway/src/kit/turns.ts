// When very many come at once, as after a restart, they are begun a few in each turn of the event loop: whoever is being served
// already is not held up by them.

/** What begins at most in one turn: each costs up to a millisecond. */
const PER_TURN = 16

/** Calls what it is given: at once, or in a later turn, in the order in which they came. */
export type TakeTurn = (begin: () => void) => void

export function createTurns(): TakeTurn {
  const waiting: (() => void)[] = []
  let begun = 0
  let isTurning = false

  function nextTurn(): void {
    const now = waiting.splice(0, PER_TURN)
    begun = now.length
    isTurning = begun > 0
    if (isTurning) setImmediate(nextTurn)
    for (const begin of now) begin()
  }

  return (begin) => {
    if (!isTurning) {
      isTurning = true
      setImmediate(nextTurn)
    }
    if (begun >= PER_TURN) return void waiting.push(begin)
    begun++
    begin()
  }
}
