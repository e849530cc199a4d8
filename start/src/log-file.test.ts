import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { LogFile } from './log-file.ts'

function inFolder(use: (folder: string, said: string[]) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-log-'))
  try {
    use(folder, [])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a log goes on where the last process left it, and its size is bounded', () => {
  inFolder((folder, said) => {
    const path = join(folder, 'logs', 'runtime.log')
    for (let run = 0; run < 2; run++) {
      const log = new LogFile(path, (line) => said.push(line), 1000)
      for (let i = 0; i < 50; i++) log.write(Buffer.from(`run ${run} line ${i}\n`))
      log.close()
    }
    assert.deepEqual(readdirSync(join(folder, 'logs')).sort(), ['runtime.log', 'runtime.log.1'])
    assert.ok(statSync(path).size <= 1000 && statSync(`${path}.1`).size <= 1000)
    const kept = readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8')
    assert.match(kept, /run 1 line 0\n[^]*run 1 line 49\n$/)
    assert.deepEqual(said, [])
  })
})

test('a log that cannot be written is said once, and does not stop anything', () => {
  inFolder((folder, said) => {
    const path = join(folder, 'runtime.log')
    // The next file name is taken by a folder that is not empty, so the full file cannot make way.
    const log = new LogFile(path, (line) => said.push(line), 10)
    log.write(Buffer.from('0123456789'))
    mkdirSync(`${path}.1/full`, { recursive: true })
    log.write(Buffer.from('x'))
    log.write(Buffer.from('y'))
    log.close()
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /^Cannot write .*runtime\.log/)
  })
})
