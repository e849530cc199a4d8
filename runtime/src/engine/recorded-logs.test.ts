// Logs that were written by releases are replayed by every later program: what somebody began under an older one goes on.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { type Realm, defineRealm } from '@biplane/realm'
import { REPLAY } from '@biplane/realm/replay'

import type { Entry } from '../store/port.ts'
import { record } from './testing/recorded/record.ts'
import { recordedRealm1 } from './testing/recorded/recorded-realm-1.ts'
import { recordedRealm2 } from './testing/recorded/recorded-realm-2.ts'
import { problemsOf } from './testing/recorded/replay-log.ts'

const RECORDED = join(import.meta.dirname, 'testing/recorded')
const RELEASES: readonly { release: string; realm: Realm }[] = [
  { release: 'release-1', realm: recordedRealm1 },
  { release: 'release-2', realm: recordedRealm2 },
]

const read = (folder: string, program: string): Entry[] =>
  readFileSync(join(folder, program), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)

for (const { release, realm } of RELEASES) {
  const folder = join(RECORDED, release)
  const programs = readdirSync(folder)

  for (const program of programs) {
    test(`${release}: ${program} comes out as it did, whole and from every prefix`, async () => {
      assert.deepEqual(await problemsOf(read(folder, program), realm), [])
    })
  }

  test(`${release}: every program of its realm is recorded`, () => {
    const types = programs.flatMap((program) => read(folder, program)).map(({ data }) => JSON.parse(data).intent_type)
    assert.deepEqual(
      realm.capabilities.filter(({ type }) => !types.includes(type)).map(({ type }) => type),
      [],
    )
  })
}

test('every release that was recorded is replayed', () => {
  const folders = readdirSync(RECORDED, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  assert.deepEqual(folders.map(({ name }) => name).sort(), RELEASES.map(({ release }) => release).sort())
})

test('there are logs under each of the rules of replay', () => {
  const accepted = RELEASES.flatMap(({ release }) =>
    readdirSync(join(RECORDED, release)).flatMap((program) => read(join(RECORDED, release), program)),
  ).filter(({ type }) => type === 'intent.accepted')
  const rules = new Set(accepted.map(({ data }) => (JSON.parse(data) as { replay: number }).replay))
  assert.deepEqual(rules, new Set(Array.from({ length: REPLAY }, (_, i) => i + 1)))
})

test('what is recorded now comes out the same', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'biplane-recorded-'))
  try {
    await record(folder)
    for (const program of readdirSync(folder)) {
      assert.deepEqual(await problemsOf(read(folder, program), recordedRealm2), [])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

const release1 = (program: string): Entry[] => read(join(RECORDED, 'release-1'), program)

/** The realm with what one of its programs does in place of another. */
const changed = (type: string, like: string): Realm =>
  defineRealm({
    ...recordedRealm1,
    capabilities: recordedRealm1.capabilities.map((definition) => {
      const other = recordedRealm1.capabilities.find((one) => one.type === like)
      return definition.type === type && other ? { ...other, type } : definition
    }),
  })

test('a planted change of a call is found, at every prefix that has it', async () => {
  const log = release1('steps.jsonl')
  const problems = await problemsOf(log, changed('recorded.steps', 'recorded.saga'))
  assert.match(
    problems[0] ?? '',
    /The log has "first" as call 0 of recorded.steps; the handler now makes the call "book"/,
  )
  assert.ok(problems.length > 2)
})

test('a planted change of the seed of chance is found', async () => {
  // Chance is seeded with the execution's id; so another id is another seed.
  const reseed = (entry: Entry): Entry =>
    JSON.parse(JSON.stringify(entry).replaceAll(/exe_\w{4}/g, 'exe_0000')) as Entry
  for (const program of ['chance.jsonl', 'forked.jsonl', 'recovered.jsonl']) {
    assert.deepEqual(await problemsOf(release1(program), recordedRealm1), [])
    const problems = await problemsOf(release1(program).map(reseed), recordedRealm1)
    assert.match(problems[0] ?? '', /it ended as .*, and now as /)
  }
})

test('a planted change of the order of hand-over is found', async () => {
  const log = release1('races.jsonl')
  const [first, second] = log.flatMap(({ type }, index) => (type === 'step.completed' ? [index] : []))
  assert.ok(first && second)
  const swapped = log.with(first, log[second] as Entry).with(second, log[first] as Entry)
  const inOrder = swapped.map((entry, index) => ({ ...entry, seq: index + 1 }))
  const problems = await problemsOf(inOrder, recordedRealm1)
  assert.match(problems[0] ?? '', /it ended as .*"won":"fast".*, and now as .*"won":"slow"/)
})
