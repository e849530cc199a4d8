// biplane check. The runtime's own program does it, because it alone reads runtime.config.ts and the runtime's data.

import type { Command } from 'commander'

import { runHere } from './run-here.ts'
import { runRuntime } from './run-bin.ts'

const EXITS = `
Here the exit codes are:
  0  every execution in flight goes on with this code
  1  some would stop; they are named
  2  it could not be checked
`

interface CheckOptions {
  config?: string
  data?: string
  json?: boolean
}

export const addCheck = (program: Command): Command =>
  program
    .command('check')
    .description('tell which executions in flight would stop with the code that is here, and do nothing to them')
    .option('--config <file>', 'names the realms to replay with (default: BIPLANE_CONFIG, or runtime.config.ts)')
    .option('--data <folder>', 'where the executions are (default: BIPLANE_DATA, or .biplane)')
    .addHelpText('after', EXITS)
    .action((_options: object, command: Command) => runHere(() => check(command.optsWithGlobals<CheckOptions>())))

function check({ config, data, json = false }: CheckOptions): Promise<number> {
  return runRuntime(
    'check',
    ...(config === undefined ? [] : ['--config', config]),
    ...(data === undefined ? [] : ['--data', data]),
    ...(json ? ['--json'] : []),
  )
}
