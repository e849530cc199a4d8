// How long something took, or has taken until now.

import { durationInWords } from '../../../ui/time/in-words.ts'
import { useWords } from '../../../ui/time/use-words.ts'

const SECOND_MS = 1_000

/** `from` and `to`: ISO 8601; without `to` it goes on, in whole seconds. */
export function Took({ from, to }: { from: string; to: string | undefined }) {
  const fromMs = Date.parse(from)
  const words = useWords((nowMs) => {
    if (to !== undefined) return durationInWords(Math.max(0, Date.parse(to) - fromMs))
    return durationInWords(Math.max(0, Math.floor((nowMs - fromMs) / SECOND_MS) * SECOND_MS))
  })
  return <>{words}</>
}
