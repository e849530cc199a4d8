// `npm test`: everything. The static parts of the gate, then every test; node's own summary stands at the end.
// `npm test -- runtime/src/store` runs only the tests below a path, and nothing else.

import { spawnSync } from 'node:child_process'

import { ENV, STATIC_PARTS, runParts } from './parts.ts'
import { ROOT } from './repository.ts'
import { findTests, nodeTest } from './find-tests.ts'

const paths = process.argv.slice(2)
const tests = findTests('all', paths)
const failed = paths.length === 0 ? await runParts(STATIC_PARTS) : []
const { status } = spawnSync(process.execPath, nodeTest(tests), { cwd: ROOT, env: ENV, stdio: 'inherit' })
if (failed.length > 0) console.log(`The tests ran, but these failed before them: ${failed.join(', ')}.`)
process.exitCode = status === 0 && failed.length === 0 ? 0 : 1
