#!/usr/bin/env node
// The `biplane` command as a process.

import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

import { cacheFolder } from './cache-folder.ts'
import { EXIT } from './exit-code.ts'

// Half of the time that a short command takes is that of compiling it; the tab key notices. Where nothing can be kept, it is compiled anew.
enableCompileCache(join(cacheFolder(), 'compiled'))

// A reader that has seen enough, such as `head`, closes the pipe.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    throw error
  })
}

const { runCommandLine } = await import('./command-line.ts')
await runCommandLine(process.argv.slice(2))
