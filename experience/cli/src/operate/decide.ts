// biplane approve, refuse EXECUTION [NAME]: the answer to an approval that an execution waits for.

import type { Command } from 'commander'

import { CannotRun } from '../cannot-run.ts'
import { type Task, run } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { bad, dim, good } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { type Because, addReason } from './steer.ts'

const addDecision = (program: Command, verb: 'approve' | 'refuse', description: string): Command =>
  addReason(program.command(verb))
    .description(description)
    .argument('[name]', 'of the approval; may be left out if it waits for one alone')
    .action((id: string, name: string | undefined, because: Because, command: Command) =>
      run(command, (task) => decide(task, verb, id, name, because)),
    )

export const addApprove = (program: Command): Command =>
  addDecision(program, 'approve', 'say yes to what an execution asks')
export const addRefuse = (program: Command): Command =>
  addDecision(program, 'refuse', 'say no to what an execution asks')

async function decide(task: Task, verb: 'approve' | 'refuse', id: string, named: string | undefined, because: Because) {
  const { client, out, again } = task
  const name = named ?? (await onlyApproval(task, verb, id))
  const status = await client[verb](id, name, because)
  out.record({ type: 'status', ...status })
  out.line(`${verb === 'approve' ? `${good('✔')} approved` : `${bad('✖')} refused`}: ${plain(name)}`)
  out.note(dim(`See what becomes of it: ${again(`follow ${id}`)}`))
  return EXIT.done
}

/** @throws CannotRun unless it waits for one approval alone */
async function onlyApproval({ client, again }: Task, verb: string, id: string): Promise<string> {
  const { awaits, status } = await client.execution(id)
  const [first, ...others] = awaits.filter(({ approval }) => approval !== undefined)
  if (first === undefined) {
    throw new CannotRun(
      `It waits for no approval; it is ${status}.`,
      `An approval may be decided before it is asked for: give its name. See: ${again(`show ${id}`)}`,
    )
  }
  if (others.length === 0) return first.name
  const names = [first, ...others].map(({ name, approval }) => plain(`${name} (${approval?.title ?? 'no title'})`))
  throw new CannotRun(
    `It waits for several: ${names.join(', ')}.`,
    `Name one: ${again(`${verb} ${id} ${plain(first.name)}`)}`,
  )
}
