// A time in words that stays true while one looks at it.

import { agoInWords, exactTime } from '../time/in-words.ts'
import { useWords } from '../time/use-words.ts'

/** `time`: ISO 8601, as the protocol gives it. The exact time, in the reader's zone, shows over it. */
export function Ago({ time }: { time: string }) {
  const timeMs = Date.parse(time)
  const words = useWords((nowMs) => agoInWords(timeMs, nowMs))
  return (
    <time dateTime={time} title={exactTime(timeMs)}>
      {words}
    </time>
  )
}
