import type { Event } from '@biplane/protocol'

/** The last event of an execution. */
export const isEnding = ({ type }: Event): boolean =>
  type === 'execution.completed' ||
  type === 'execution.failed' ||
  type === 'execution.cancelled' ||
  type === 'execution.superseded'
