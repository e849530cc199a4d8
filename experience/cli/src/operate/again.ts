// biplane retry, fork EXECUTION: an ended one again, from its beginning or from what it had. What comes of it is a new execution.

import type { AgainOptions } from '@biplane/client'
import type { Command } from 'commander'

import { run } from '../command.ts'
import { type FollowOptions, addFollowOptions, seeThrough } from '../intent/see-through.ts'
import { parseOrdinal } from './ordinal.ts'
import { type Because, addReason } from './steer.ts'

interface Options extends FollowOptions, Because {
  idempotencyKey?: string
  through?: number
}

const addAgain = (program: Command, name: string): Command =>
  addFollowOptions(addReason(program.command(name))).option(
    '--idempotency-key <key>',
    'called again with the same key, it begins no second one',
  )

export const addRetry = (program: Command): Command =>
  addAgain(program, 'retry')
    .description('do an ended execution again, from its beginning')
    .action((id: string, options: Options, command: Command) =>
      run(command, async (task) => seeThrough(task, await task.client.retry(id, askedOnce(options)), options)),
    )

export const addFork = (program: Command): Command =>
  addAgain(program, 'fork')
    .description('go on from an answer that an ended execution had')
    .option(
      '--through <ordinal>',
      'the last call whose answer is kept; absent: all before the first failure',
      parseOrdinal,
    )
    .action((id: string, options: Options, command: Command) =>
      run(command, async (task) => {
        const through = options.through === undefined ? {} : { through: options.through }
        return seeThrough(task, await task.client.fork(id, { ...askedOnce(options), ...through }), options)
      }),
    )

/** With a key of its own, so that a lost answer begins no second one. */
const askedOnce = ({ reason, idempotencyKey = crypto.randomUUID() }: Options): AgainOptions => ({
  idempotencyKey,
  ...(reason === undefined ? {} : { reason }),
})
