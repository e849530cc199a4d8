#!/usr/bin/env node
// The `biplane` command. A command is a file; this one puts them together.

import { Command } from 'commander'

import about from '../package.json' with { type: 'json' }

import { addCheck } from './check.ts'
import { addGlobalOptions } from './command.ts'
import { addDemo } from './demo/demo.ts'
import { addDev } from './dev.ts'
import { EXIT, EXIT_HELP } from './exit-code.ts'
import { addFollow } from './follow.ts'
import { addMash } from './mash.ts'
import { addNewRealm } from './new-realm.ts'
import { addQuery } from './query.ts'
import { addStatus } from './status.ts'
import { addSubmit } from './submit.ts'
import { addUpload } from './upload.ts'

const program = addGlobalOptions(new Command('biplane'))
  .version(about.version)
  .description('Drop files that do not match; get one table that accounts for every row.')
  .addHelpText('after', EXIT_HELP)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage)
  })

const commands = [addUpload, addMash, addSubmit, addQuery, addFollow, addStatus, addDemo, addNewRealm, addDev, addCheck]
for (const add of commands) add(program)

// A reader that has seen enough, such as `head`, closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  throw error
})

await program.parseAsync()
