import type { FollowStatus } from '@biplane/client'

import type { Line } from './line-state.ts'

/** How a follower stands, as the bottom of the page tells it. */
export function lineOf({ status, behind, retryAt }: FollowStatus): Line {
  return { status: STATUS_OF_LINE[status], behind, retryAt: retryAt?.getTime() }
}

const STATUS_OF_LINE: Record<FollowStatus['status'], Line['status']> = {
  connecting: 'connecting',
  'catching-up': 'catching_up',
  live: 'live',
  reconnecting: 'reconnecting',
  gap: 'ended',
  denied: 'ended',
  closed: 'ended',
}
