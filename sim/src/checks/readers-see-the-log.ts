// G6: a reader that resumes at c gets c+1 and so on, as the log has them.

import { eventText } from '@biplane/runtime/entry'

import type { Evidence } from '../evidence.ts'

export function readersSeeTheLog({ sessions, observed }: Evidence): string[] {
  const logs = new Map(sessions.map(({ session, entries }) => [session, entries.map(eventText)]))
  return observed.readings.flatMap(({ session, from, events }) => {
    const log = (logs.get(session) ?? []).slice(from)
    if (events.length !== log.length)
      return [`A reader of ${session} from ${from} saw ${events.length} of ${log.length} entries.`]
    const wrong = events.findIndex((event, i) => event !== log[i])
    return wrong === -1 ? [] : [`A reader of ${session} from ${from} saw another entry as number ${from + wrong + 1}.`]
  })
}
