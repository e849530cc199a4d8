// A session that is closed takes no new intents, ends with `session.closed` when its last execution has ended, and whoever follows
// it to there is told that nothing more comes.

import { type Evidence, type SessionLog, ofType } from '../evidence.ts'

export function sessionsClose({ sessions, observed }: Evidence): string[] {
  return sessions.flatMap((log) => {
    const readings = observed.readings.filter(({ session }) => session === log.session)
    const closed = ofType(log, 'session.closed').length > 0
    const saw = [...whatItSays(log), ...(closed ? whatFollows(log) : [])]
    if (observed.closings.has(log.session) && log.row.status === 'open') saw.push('was closed, and is open.')
    for (const { closed: told, from } of readings) {
      if (told !== closed) saw.push(`was ${told ? '' : 'not '}told as closed to a reader from ${from}.`)
    }
    return saw.map((each) => `${log.session} ${each}`)
  })
}

function whatItSays(log: SessionLog): string[] {
  const [closing, closed] = [ofType(log, 'session.closing').length, ofType(log, 'session.closed').length]
  const expected = { open: [0, 0], closing: [1, 0], closed: [1, 1] }[log.row.status]
  if (expected.join() !== [closing, closed].join()) {
    return [`is ${log.row.status}, and has ${closing} session.closing and ${closed} session.closed.`]
  }
  return log.row.status === 'closing' ? ['does not close although all in it has ended.'] : []
}

function whatFollows(log: SessionLog): string[] {
  const closing = ofType(log, 'session.closing')[0]
  const late = log.entries.filter(
    ({ type, seq, data }) => type === 'intent.accepted' && seq > (closing?.seq ?? 0) && !('parent' in JSON.parse(data)),
  )
  const saw = late.map(({ execution_id }) => `accepted ${execution_id} after it was closed.`)
  const last = log.entries.at(-1)?.type
  return last === 'session.closed' ? saw : [...saw, `ends with ${last}.`]
}
