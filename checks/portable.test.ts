// Nothing in the repository knows the machine it was written on, or the registry it was installed from.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT, listFiles } from './repository.ts'

const BINARY = /\.(parquet|arrow|db|png|jpe?g|gif|ico|woff2?|xlsx|zip|gz)$/
/** A path below somebody's home, or below a folder where build machines keep checkouts. */
const MACHINE_PATH = /(?:^|[\s"'`(=:])\/(?:home|Users|root|work|workspace|builds)\/[\w.-]+/

test('no file names an absolute path of a machine', () => {
  const found = listFiles(ROOT)
    .filter((file) => !BINARY.test(file))
    .filter((file) =>
      readFileSync(join(ROOT, file), 'utf8')
        .split('\n')
        .some((line) => MACHINE_PATH.test(line)),
    )
  assert.deepEqual(found, [])
})

test('the lock file pins what is installed and leaves the registry to the configuration of npm', () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>
  }
  const installed = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link)
  assert.deepEqual(
    installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
  )
  assert.deepEqual(
    installed.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path),
    [],
  )
})
