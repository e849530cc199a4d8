// An entry of a log: a line in words, which opens to what it holds.

import type { Event } from '@biplane/protocol'
import { UnstyledButton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { memo } from 'react'

import { durationInWords, exactTime } from '../../../ui/time/in-words.ts'
import { JsonTree } from '../json/json-tree.tsx'
import { wordsOf } from './event-words.ts'

interface EntryProps {
  event: Event
  sinceMs: number
  isOpen: boolean
  isMarked: boolean
  onToggle: (seq: number) => void
}

export const Entry = memo(
  function Entry({ event, sinceMs, isOpen, isMarked, onToggle }: EntryProps) {
    const { seq, type, time, data } = event
    const timeMs = Date.parse(time)
    const { text, tone } = wordsOf(event)
    return (
      <div className="log-entry" data-tone={tone} data-marked={isMarked}>
        <UnstyledButton className="log-line" aria-expanded={isOpen} onClick={() => onToggle(seq)}>
          <IconChevronRight className="log-sign" size={14} aria-hidden />
          <span className="log-seq">{seq}</span>
          <time dateTime={time} title={exactTime(timeMs)} className="log-time">
            +{durationInWords(Math.max(0, timeMs - sinceMs))}
          </time>
          <span className="log-type">{type}</span>
          <span className="log-text">{text}</span>
        </UnstyledButton>
        {isOpen && (
          <div className="log-data">
            <JsonTree value={data} name="Data" />
          </div>
        )}
      </div>
    )
  },
  (before, now) =>
    before.event === now.event &&
    before.isOpen === now.isOpen &&
    before.isMarked === now.isMarked &&
    before.sinceMs === now.sinceMs,
)
