// biplane new realm NAME. The runtime's own program writes the realm, because it alone reads runtime.config.ts; the configuration
// of the Experience Plane is begun here.

import { existsSync, writeFileSync } from 'node:fs'

import type { Command } from 'commander'

import { runHere } from './run-here.ts'
import { runRuntime } from './run-bin.ts'

const EXPERIENCE_CONFIG = 'experience.config.ts'
const FIRST_CONFIG = `import { defineExperience } from '@biplane/gateway'

export default defineExperience({ surfaces: ['rest'] })
`

export const addNewRealm = (program: Command): Command =>
  program
    .command('new')
    .description('begin a realm in this project: new realm NAME')
    .command('realm')
    .description('write a realm, its test, and its line in runtime.config.ts')
    .argument('<name>', 'lower case, with underscores: hello, data_mash')
    .action((name: string) => runHere(() => newRealm(name)))

async function newRealm(name: string): Promise<number> {
  const code = await runRuntime('new', 'realm', name)
  if (code === 0 && !existsSync(EXPERIENCE_CONFIG)) {
    writeFileSync(EXPERIENCE_CONFIG, FIRST_CONFIG)
    process.stdout.write(`\nWrote ${EXPERIENCE_CONFIG} too: it says how the realm is reached.\n`)
  }
  return code
}
