// biplane mcp: what an agent's host starts. The gateway's own program does it, over standard input and output.

import type { Command } from 'commander'

import { type Place, placeOf } from '../place.ts'
import { runBin } from './run-bin.ts'
import { runHere } from './run-here.ts'

export const addMcp = (program: Command): Command =>
  program
    .command('mcp')
    .description('give an agent the tools of a gateway, over standard input and output')
    .action((_options: object, command: Command) => runHere(() => mcp(placeOf(command), program)))

function mcp({ url, tenant, token }: Place, program: Command): Promise<number> {
  // It has no tenant of its own: the agent says it, unless somebody has said it here.
  const isSaid = tenant !== undefined && program.getOptionValueSource('tenant') !== 'default'
  if (token !== undefined) process.env['BIPLANE_TOKEN'] = token
  return runBin(['@biplane/gateway', 'biplane-mcp'], '--url', url, ...(isSaid ? ['--tenant', tenant] : []))
}
