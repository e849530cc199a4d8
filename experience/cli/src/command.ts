// What every command that talks to a gateway or a runtime starts from, and how it ends.

import { type Client, createClient } from '@biplane/client'
import type { Command } from 'commander'

import { EXIT } from './exit-code.ts'
import { type Place, globalsFor, placeOf } from './place.ts'
import { reportProblem } from './problem-report.ts'
import { Output } from './terminal/output.ts'
import { dim } from './terminal/style.ts'

/** A person waits: what is away for longer than a second or two is told. */
const RETRIES = 3

export interface Task extends Place {
  client: Client
  out: Output
  /** How this program is called for the same place: `npx biplane show exe_… --tenant acme`. */
  again(words: string): string
  /** What is said to who leaves by Ctrl-C, or is left by an error: how to come back. Null while nothing was accepted. */
  comeBack: string | null
}

/** Runs a command and sets the exit code that `perform` answers, or the one that its error has. */
export async function run(command: Command, perform: (task: Task) => Promise<number>): Promise<void> {
  const { json = false } = command.optsWithGlobals<{ json?: boolean }>()
  const out = new Output(json)
  try {
    const task = taskOf(command, out)
    process.once('SIGINT', () => leave(task))
    process.exitCode = await performed(task, perform)
  } catch (error) {
    process.exitCode = reportProblem(error, out, '')
  }
  out.endProgress()
}

function taskOf(command: Command, out: Output): Task {
  const place = placeOf(command)
  const globals = globalsFor(command)
  return { ...place, client: clientOf(place), out, again: (words) => `npx biplane ${words}${globals}`, comeBack: null }
}

export const clientOf = ({ url, tenant, token }: Place, retries: number = RETRIES): Client =>
  createClient({
    url,
    retries,
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    ...(token === undefined ? {} : { token }),
  })

async function performed(task: Task, perform: (task: Task) => Promise<number>): Promise<number> {
  try {
    return await perform(task)
  } catch (error) {
    const code = reportProblem(error, task.out, task.url)
    if (task.comeBack !== null) task.out.notice(`  ${task.comeBack}`)
    return code
  }
}

function leave({ out, comeBack }: Task): void {
  out.hold(null)
  out.notice(dim(comeBack === null ? 'Left.' : `Left. ${comeBack}`))
  process.exit(EXIT.interrupted)
}
