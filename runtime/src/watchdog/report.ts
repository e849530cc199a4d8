// What the log says about a blocked event loop: what blocks it, for how long, and what to do about it.

import type { RealmCode } from './pulse.ts'
import type { Finding } from './stall.ts'

export interface Report {
  fields: object
  message: string
}

const REMEDY =
  'Move such work to a child process or a worker thread, or cut it into steps, between which others get their turn.'

/** `code`: what had been entered last while the loop was blocked. */
export function reportOf({ kind, blocked_ms }: Finding, code: RealmCode | null): Report {
  const rounded_ms = Math.round(blocked_ms)
  const fields = { blocked_ms: rounded_ms, ...codeFields(code) }
  const time = `${(rounded_ms / 1_000).toFixed(1)} s`
  const message =
    kind === 'over'
      ? `The event loop turns again. It was blocked for ${time} by ${suspect(code)}.`
      : `The event loop has been blocked for ${time} by ${suspect(code)}. Nothing else runs until it returns. ${REMEDY}`
  return { fields, message }
}

function codeFields(code: RealmCode | null): object {
  if (!code) return {}
  return code.isRunning ? { running: code.name } : { last_entered: code.name }
}

function suspect(code: RealmCode | null): string {
  if (!code) return 'something that is not known to be code of a realm'
  return code.isRunning ? code.name : `something outside any known call of a realm (last entered: ${code.name})`
}
