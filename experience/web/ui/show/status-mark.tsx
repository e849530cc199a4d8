// The status of an execution: a sign and a word, so that colour is never all that tells it.

import type { Status } from '@biplane/protocol'
import {
  type Icon,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconCircleOff,
  IconClock,
  IconHourglass,
  IconPlayerPause,
  IconPlayerPlay,
  IconTool,
  IconX,
} from '@tabler/icons-react'

import './status-mark.css'

type Tone = 'quiet' | 'busy' | 'waits' | 'good' | 'bad'

const SIGNS: Record<Status, readonly [word: string, tone: Tone, icon: Icon]> = {
  accepted: ['Accepted', 'quiet', IconClock],
  running: ['Running', 'busy', IconPlayerPlay],
  waiting: ['Waiting', 'waits', IconHourglass],
  paused: ['Paused', 'waits', IconPlayerPause],
  compensating: ['Undoing', 'waits', IconArrowBackUp],
  parked: ['Needs a person', 'bad', IconTool],
  completed: ['Completed', 'good', IconCheck],
  failed: ['Failed', 'bad', IconX],
  cancelled: ['Cancelled', 'quiet', IconCircleOff],
  superseded: ['Superseded', 'quiet', IconArrowForwardUp],
}

export const STATUS_WORDS = Object.fromEntries(
  Object.entries(SIGNS).map(([status, [word]]) => [status, word]),
) as Record<Status, string>

export function StatusMark({ status }: { status: Status }) {
  const [word, tone, Sign] = SIGNS[status]
  return (
    <span className="status-mark" data-tone={tone}>
      <Sign size={14} stroke={2} aria-hidden />
      {word}
    </span>
  )
}
