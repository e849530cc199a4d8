// What the type of an event says of it.

import type { Event } from '@biplane/protocol'

/** The last event of an execution. */
export const isEnding = ({ type }: Event): boolean =>
  type === 'execution.completed' ||
  type === 'execution.failed' ||
  type === 'execution.cancelled' ||
  type === 'execution.superseded'

/** `types` are types, or what they begin with: `step`, `data_mash.create`. All events are of none. */
export const isOfType = ({ type }: Event, types: readonly string[]): boolean =>
  types.length === 0 || types.some((one) => type === one || type.startsWith(`${one}.`))
