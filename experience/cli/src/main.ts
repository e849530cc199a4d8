#!/usr/bin/env node
// The `biplane` command as a process.

import { runCommandLine } from './command-line.ts'
import { EXIT } from './exit-code.ts'

// A reader that has seen enough, such as `head`, closes the pipe.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    throw error
  })
}

await runCommandLine(process.argv.slice(2))
