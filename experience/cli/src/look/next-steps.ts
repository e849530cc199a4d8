// What a person can do about an execution as it stands, as commands.

import type { Execution } from '@biplane/protocol'

import type { Task } from '../command.ts'
import { shellWord } from '../terminal/shell-word.ts'
import { plain } from '../terminal/text.ts'

export function nextSteps({ again }: Task, execution: Execution): string[] {
  const { execution_id: id, status, awaits, steps } = execution
  const step = (what: string, words: string) => `${what}: ${again(words)}`
  switch (status) {
    case 'waiting':
    case 'running':
      return awaits.flatMap(({ name, approval }) => {
        const named = `${id} ${shellWord(plain(name))}`
        if (approval === undefined) return [step('send what it waits for', `signal ${named}`)]
        return [step('approve', `approve ${named}`), step('refuse', `refuse ${named}`)]
      })
    case 'paused':
      return [step('let it go on', `resume ${id}`), step('end it, and undo what it did', `cancel ${id}`)]
    case 'parked':
      return [
        step('try again', `resume ${id}`),
        ...steps
          .filter(({ status: is, error }) => is === 'completed' && error !== undefined)
          .map(({ ordinal, name }) => step(`${plain(name)} was undone by hand`, `settle ${id} --step ${ordinal}`)),
        step('leave it as it is', `settle ${id}`),
      ]
    case 'failed':
      return [
        step('look at it', `show ${id}`),
        step('from its beginning', `retry ${id}`),
        step('from what it had', `fork ${id}`),
      ]
    case 'accepted':
    case 'compensating':
    case 'completed':
    case 'cancelled':
    case 'superseded':
      return []
    default:
      return status satisfies never
  }
}
