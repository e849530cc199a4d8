// The protocol's papers and its schemas say the same.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { Event, PROBLEMS, STATUSES, TRANSITIONS } from '@biplane/protocol'

import { codeSpansOf, sectionsOf, tableUnder } from './markdown.ts'
import { ROOT } from './repository.ts'

const protocol = readFileSync(join(ROOT, 'docs/protocol.md'), 'utf8')
const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
const CODE_LEVEL = 3

test('docs/errors.md has a section for every problem code, and for nothing else', () => {
  const documented = sectionsOf(errors)
    .filter(({ level }) => level === CODE_LEVEL)
    .map(({ title }) => codeSpansOf(title)[0])
  assert.deepEqual(new Set(documented), new Set(Object.keys(PROBLEMS)))
  assert.equal(documented.length, Object.keys(PROBLEMS).length)
})

test('docs/errors.md gives each code its status, what it means and what to do', () => {
  for (const { title, body } of sectionsOf(errors).filter(({ level }) => level === CODE_LEVEL)) {
    const code = codeSpansOf(title)[0] ?? ''
    const [status] = PROBLEMS[code as keyof typeof PROBLEMS]
    assert.match(body.trim(), new RegExp(`^${status}\\. \\S[^]*\\*\\*What to do:\\*\\* \\S`), code)
  }
})

test('the statuses of docs/protocol.md and what may follow each are those of the code', () => {
  const rows = tableUnder(protocol, '5. The life of an execution', 'status').rows
  const documented = rows.flatMap(([statuses = '', , next = '']) =>
    codeSpansOf(statuses).map((status) => [status, next === 'nothing' ? [] : next.split(/,\s*/).toSorted()]),
  )
  const held = STATUSES.map((status) => [status, TRANSITIONS[status].toSorted()])
  assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(held))
})

test('the events of docs/protocol.md are those of the event union', () => {
  const documented = tableUnder(protocol, '6. Events', 'kind').rows.flatMap(([kind = '', types = '']) =>
    typesOf(types).map((type) => `${codeSpansOf(kind).join()} ${type}`),
  )
  assert.deepEqual(documented.filter((type) => !type.startsWith('emitted ')).toSorted(), eventTypes().toSorted())
})

/** A type that begins with a dot belongs to the realm of the one before it: `execution.started`, `.parked`. */
function typesOf(cell: string): string[] {
  let realm = ''
  return codeSpansOf(cell.replaceAll(/\([^)]*\)/g, '')).map((type) => {
    if (type.startsWith('.')) return realm + type
    realm = type.slice(0, type.indexOf('.'))
    return type
  })
}

interface Union {
  options?: Union[]
  shape?: { kind: { value: string }; type: { value?: string } }
}

/** `kind type` of each member of the union; `emitted`, whose types are open, has none. */
function eventTypes({ options, shape }: Union = Event as unknown as Union): string[] {
  if (options !== undefined) return options.flatMap((option) => eventTypes(option))
  return shape?.type.value === undefined ? [] : [`${shape.kind.value} ${shape.type.value}`]
}
