// Events as an agent's host shows them while a call is under way.

import type { Event } from '@biplane/protocol'
import type { ServerContext } from '@modelcontextprotocol/server'

/**
 * `progress` counts what was told, since it must rise with each notification and a step begins anew where the last one ended; how
 * far a step has come stands in the message.
 */
export function progressTo({ mcpReq }: ServerContext, progressMax: number): (event: Event) => Promise<void> {
  const { _meta: asked } = mcpReq
  const progressToken = asked?.progressToken
  let progress = 0
  return async (event) => {
    const message = progressToken === undefined ? null : messageFor(event)
    if (message === null || progress >= progressMax) return
    progress++
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
  }
}

/** Null for what says nothing of how far it is. */
export function messageFor(event: Event): string | null {
  switch (event.kind) {
    case 'lifecycle':
      return event.type.replace('.', ' ')
    case 'step':
      return stepMessage(event)
    case 'progress':
      return progressMessage(event.data)
    case 'timer':
      return event.type === 'execution.waiting' ? `waits until ${event.data.until}` : null
    case 'signal':
      return signalMessage(event)
    case 'saga':
      return event.type === 'saga.step_undone' ? `${event.data.name} undone` : null
    case 'emitted':
      return event.type
    case 'session':
    case 'state':
    case 'child':
    case 'stream':
      return null
    default:
      // A newer runtime may have kinds that are not known here.
      return null
  }
}

function stepMessage({ type, data }: Extract<Event, { kind: 'step' }>): string {
  if (type === 'step.started') return `${data.name} started`
  if (type === 'step.completed') return `${data.name} completed`
  return `${data.name} failed: ${data.error.message}${data.final ? '' : '; it is tried again'}`
}

function progressMessage({ step, message, done, total, unit }: Extract<Event, { kind: 'progress' }>['data']): string {
  const amount = done === undefined ? [] : [[done, total].filter((count) => count !== undefined).join(' of ')]
  const far = [...amount, ...(done === undefined || unit === undefined ? [] : [unit])].join(' ')
  return [step, message, far].filter(Boolean).join(': ') || 'at work'
}

function signalMessage(event: Extract<Event, { kind: 'signal' }>): string | null {
  if (event.type !== 'signal.awaited') return null
  const { name, approval } = event.data
  if (approval === undefined) return `waits for the signal "${name}"`
  return `waits for the approval "${name}"${approval.title === undefined ? '' : `: ${approval.title}`}`
}
