// The buttons of what can be done now. To whom it is not allowed they say why.

import type { Status } from '@biplane/protocol'
import { Button, Tooltip } from '@mantine/core'
import {
  type Icon,
  IconBroadcast,
  IconCircleX,
  IconGavel,
  IconGitFork,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
} from '@tabler/icons-react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { ABOUT } from './about.ts'
import { type Act, actsFor, whyNot } from './acts.ts'

const ICONS: Record<Act, Icon> = {
  resume: IconPlayerPlay,
  pause: IconPlayerPause,
  cancel: IconCircleX,
  settle: IconGavel,
  retry: IconRefresh,
  fork: IconGitFork,
  signal: IconBroadcast,
}

export function ActBar({ status, onAct }: { status: Status; onAct: (act: Act) => void }) {
  const { who } = useBiplane()
  return actsFor(status).map((act) => {
    const Sign = ICONS[act]
    const why = whyNot(act, who)
    const isTryAgain = act === 'resume' && status === 'parked'
    return (
      <Tooltip
        key={act}
        label={why}
        disabled={why === null}
        multiline
        maw={320}
        events={{ hover: true, focus: true, touch: true }}
      >
        <Button
          size="xs"
          variant="default"
          leftSection={<Sign size={15} aria-hidden />}
          {...(why !== null && { 'data-disabled': true })}
          aria-disabled={why !== null}
          aria-description={why ?? undefined}
          onClick={(event) => (why === null ? onAct(act) : event.preventDefault())}
        >
          {isTryAgain ? 'Try again' : ABOUT[act].title}
        </Button>
      </Tooltip>
    )
  })
}
