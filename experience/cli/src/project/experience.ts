// biplane experience: the gateway's own program, which alone reads experience.config.ts.

import type { Command } from 'commander'

import { runBin } from './run-bin.ts'
import { runHere } from './run-here.ts'

export const addExperience = (program: Command): Command =>
  program
    .command('experience')
    .description('run the Experience Plane of this project: all its surfaces, or some')
    .option('--config <file>', 'default: experience.config.ts')
    .option('--only <surfaces>', 'such as rest,websocket')
    .action(({ config, only }: { config?: string; only?: string }) =>
      runHere(() =>
        runBin(
          ['@biplane/gateway', 'biplane-experience'],
          ...(config === undefined ? [] : ['--config', config]),
          ...(only === undefined ? [] : ['--only', only]),
        ),
      ),
    )
