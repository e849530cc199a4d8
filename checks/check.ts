// `npm run check`: the gate before every commit. Format, lint, types, what nobody uses, and the quick tests, which include the
// import table and the tidy tests.

import { STATIC_PARTS, runParts } from './parts.ts'
import { findTests, nodeTest } from './find-tests.ts'

const began = performance.now()
const failed = await runParts([{ name: 'tests', command: ['node', ...nodeTest(findTests('quick'))] }, ...STATIC_PARTS])
const seconds = ((performance.now() - began) / 1000).toFixed(1)
console.log(failed.length === 0 ? `All passed in ${seconds} s.` : `Failed after ${seconds} s: ${failed.join(', ')}.`)
process.exitCode = failed.length === 0 ? 0 : 1
