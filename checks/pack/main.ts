// `npm run pack`: the packages as they are published, in packed/.

import { statSync } from 'node:fs'
import { relative } from 'node:path'

import { packAll } from './pack-all.ts'

const BYTES_PER_KB = 1000

try {
  for (const [name, tarball] of await packAll()) {
    const size = Math.ceil(statSync(tarball).size / BYTES_PER_KB)
    console.log(`${name.padEnd(24)} ${relative(process.cwd(), tarball)}  ${size} kB`)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
