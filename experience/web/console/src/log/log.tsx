// A log as it grows, narrowed to what one looks for.

import type { Event } from '@biplane/protocol'
import { TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'

import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { Entries } from './entries.tsx'
import { wordsOf } from './event-words.ts'
import './log.css'
import type { LogView } from './session-log.ts'

export interface LogProps {
  log: LogView
  /** Times are told from here, in milliseconds since 1970. */
  sinceMs: number
  /** Shown as the trace of what was just done. */
  markedSeq?: number | undefined
}

export function Log({ log, sinceMs, markedSeq }: LogProps) {
  const [text, setText] = useState('')
  const events = useMemo(
    () => log.events.filter((event) => isLike(event, text.trim().toLowerCase())),
    [log.events, text],
  )
  if (log.error !== null && log.events.length === 0) return <Problem error={log.error} />
  if (!log.isCaughtUp && log.events.length === 0) return <Loading label="Loading the log" lines={3} />
  const missing = log.dropped === 0 ? '' : `, the first ${log.dropped} are not held here`
  return (
    <div className="log">
      <div className="log-bar">
        <TextInput
          size="xs"
          aria-label="Narrow the log"
          placeholder="step, signal, an error …"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <span className="log-count">
          {events.length === log.events.length ? '' : `${events.length} of `}
          {log.events.length} {log.events.length === 1 ? 'entry' : 'entries'}
          {missing}
        </span>
      </div>
      <Entries events={events} sinceMs={sinceMs} markedSeq={markedSeq} />
    </div>
  )
}

const isLike = (event: Event, text: string): boolean =>
  text === '' || event.type.includes(text) || wordsOf(event).text.toLowerCase().includes(text)
