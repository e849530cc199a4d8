#!/usr/bin/env node
// The `biplane-runtime` command: what touches the runtime's configuration. A command is a file; this one puts them together.

import { Command } from 'commander'

import about from '../../package.json' with { type: 'json' }

import { EXIT_CONFIGURATION } from './cannot-run.ts'
import { addCheck } from './check.ts'
import { addDev } from './dev.ts'
import { addLoad } from './load.ts'
import { addNewRealm } from './new-realm.ts'
import { addStart } from './start.ts'

const program = new Command('biplane-runtime')
  .version(about.version)
  .description('The Runtime Plane: runs the realms that runtime.config.ts names.')
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : EXIT_CONFIGURATION)
  })

for (const add of [addStart, addDev, addCheck, addNewRealm, addLoad]) add(program)

await program.parseAsync()
