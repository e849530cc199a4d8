// The entries of a log in a box of their own, of which only those in view are drawn. It keeps to the end, until one scrolls away from it
// or opens an entry.

import type { Event } from '@biplane/protocol'
import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'

import { useWindow } from '../show/use-window.ts'
import { Entry } from './entry.tsx'

const ENTRY_PX = 33
/** How far from the end still is the end. */
const AT_END_PX = 24

export interface EntriesProps {
  events: readonly Event[]
  /** Times are told from here, in milliseconds since 1970. */
  sinceMs: number
  /** Shown as the trace of what was just done. */
  markedSeq: number | undefined
}

export function Entries({ events, sinceMs, markedSeq }: EntriesProps) {
  const box = useRef<HTMLDivElement>(null)
  const { opened, toggle } = useOpened()
  const keyOf = (index: number) => events[index]?.seq ?? index
  const { rows, height, measure } = useWindow({ box, count: events.length, rowPx: ENTRY_PX, keyOf })
  const [isFollowing, setFollowing] = useState(true)
  useEffect(() => {
    if (isFollowing && opened.size === 0) box.current?.scrollTo({ top: box.current.scrollHeight })
  })
  const onScroll = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {}
    setFollowing(scrollHeight - scrollTop - clientHeight < AT_END_PX)
  }
  const toEnd = () => {
    box.current?.scrollTo({ top: box.current.scrollHeight })
    setFollowing(true)
  }
  return (
    <div className="log-frame">
      <div className="log-box" ref={box} onScroll={onScroll} role="log" aria-label="Log" aria-live="off">
        <ol className="log-entries" style={{ height }}>
          {rows.map(({ index, top }) => {
            const event = events[index]
            if (event === undefined) return null
            const { seq } = event
            return (
              <li key={seq} data-index={index} ref={measure} style={{ transform: `translateY(${top}px)` }}>
                <Entry
                  event={event}
                  sinceMs={sinceMs}
                  isOpen={opened.has(seq)}
                  isMarked={seq === markedSeq}
                  onToggle={toggle}
                />
              </li>
            )
          })}
        </ol>
      </div>
      {!isFollowing && <ToEnd onClick={toEnd} />}
    </div>
  )
}

const ToEnd = ({ onClick }: { onClick: () => void }) => (
  <Button
    className="log-end"
    size="compact-sm"
    radius="xl"
    leftSection={<IconArrowDown size={14} aria-hidden />}
    onClick={onClick}
  >
    To the end
  </Button>
)

/** Which entries are open, by their seq. */
function useOpened() {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const toggle = (seq: number) =>
    setOpened((before) => {
      const next = new Set(before)
      if (!next.delete(seq)) next.add(seq)
      return next
    })
  return { opened, toggle }
}
