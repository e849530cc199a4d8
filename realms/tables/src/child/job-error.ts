// Errors on their way out of the child and into the runtime.

import { RetryableError, TerminalError } from '@biplane/realm'

import type { JobError } from './message.ts'

export function toJobError(error: unknown): JobError {
  if (error instanceof TerminalError) {
    const { code, message, advice } = error
    return { code, message, terminal: true, ...(advice === undefined ? {} : { advice }) }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (/No space left on device|ENOSPC/.test(message)) {
    return {
      code: 'tables.disk_full',
      message: 'The disk for temporary files is full.',
      advice: 'Free space, or set BIPLANE_SCRATCH to another folder.',
      terminal: false,
    }
  }
  if (isOutOfMemory(error)) {
    return {
      code: 'tables.out_of_memory',
      message: 'The table needs more memory than a job may use.',
      advice: 'Use fewer or narrower tables, or ask for less of them.',
      terminal: true,
    }
  }
  return { code: 'tables.failed', message, terminal: false }
}

export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && /^Out of Memory/i.test(error.message)

export const fromJobError = ({ code, message, advice, terminal }: JobError): Error => {
  const details = advice === undefined ? {} : { advice }
  return terminal ? new TerminalError(code, message, details) : new RetryableError(code, message, details)
}
