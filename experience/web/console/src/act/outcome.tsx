// What became of what was just done, and its trace in the log.

import type { Event } from '@biplane/protocol'
import { Alert } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'

import { ToExecution } from '../execution/head.tsx'
import { wordsOf } from '../log/event-words.ts'
import { ABOUT } from './about.ts'
import type { Done } from './perform.ts'

export interface OutcomeProps {
  done: Done
  /** Undefined until it has come. */
  trace: Event | undefined
  onClose: () => void
}

export const Outcome = ({ done: { act, leadsTo }, trace, onClose }: OutcomeProps) => (
  <Alert
    mb="md"
    color="petrol"
    icon={<IconCheck aria-hidden />}
    role="status"
    withCloseButton
    closeButtonLabel="Close"
    onClose={onClose}
    title={leadsTo === undefined ? `${ABOUT[act].title}: it is done` : `${ABOUT[act].title}: a new execution has begun`}
  >
    {leadsTo !== undefined && (
      <>
        <ToExecution id={leadsTo} />.{' '}
      </>
    )}
    {trace === undefined
      ? 'Its entry in the log comes in a moment.'
      : `In the log, entry ${trace.seq}: ${wordsOf(trace).text}.`}
  </Alert>
)
