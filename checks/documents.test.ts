// Documents lead somewhere, and what they call a proof exists.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'

import { anchorOf, codeSpansOf, linksOf, sectionsOf, tablesOf } from './markdown.ts'
import { ROOT, listFiles } from './repository.ts'

const GUARANTEES = 17
const GUARANTEE_LEVEL = 2

const documents = listFiles(ROOT).filter((file) => file.endsWith('.md'))
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

function brokenLinks(document: string): string[] {
  return linksOf(read(document))
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? document : posix.join(posix.dirname(document), path)
      if (!existsSync(join(ROOT, target))) return true
      return anchor !== undefined && !sectionsOf(read(target)).some(({ title }) => anchorOf(title) === anchor)
    })
    .map((link) => `${document}: ${link}`)
}

test('every link between documents leads to a file, and to a heading if it names one', () => {
  assert.deepEqual(documents.flatMap(brokenLinks), [])
})

test('every test that docs/two-planes.md names as a proof exists', () => {
  const rows = tablesOf(read('docs/two-planes.md'))
    .filter(({ header }) => header.includes('proved by'))
    .flatMap((table) => table.rows)
  assert.ok(rows.length > 0)
  for (const [promise = '', proof = ''] of rows) {
    const [file = ''] = codeSpansOf(proof)
    assert.ok(existsSync(join(ROOT, file)), `${file} does not exist; it should prove: ${promise}`)
    for (const [, name = ''] of proof.matchAll(/"([^"]+)"/g)) {
      assert.ok(read(file).includes(name), `${file} has no test named "${name}"`)
    }
  }
})

test('docs/guarantees.md has each guarantee once, and what it names as its checks exists', () => {
  const guarantees = sectionsOf(read('docs/guarantees.md')).filter(({ level }) => level === GUARANTEE_LEVEL)
  const numbers = guarantees.map(({ title }) => /^G(\d+) /.exec(title)?.[1])
  assert.deepEqual(
    numbers,
    Array.from({ length: GUARANTEES }, (_, i) => String(i + 1)),
  )
  for (const { title, body } of guarantees) {
    const [, checks = ''] = body.split('**Checked by:**')
    const files = codeSpansOf(checks).filter((span) => span.includes('/'))
    assert.ok(files.length > 0 || checks.includes('not yet checked'), `${title} must say what checks it`)
    for (const file of files)
      assert.ok(existsSync(join(ROOT, file)), `${file} does not exist; it should check ${title}`)
  }
})

test('every decision says when to look at it again, within forty lines', () => {
  for (const file of documents.filter((one) => one.startsWith('decisions/'))) {
    const titles = sectionsOf(read(file))
      .slice(1)
      .map(({ title }) => title)
    assert.deepEqual(titles, ['Context', 'Decision', 'Why', 'Consequences', 'When to revisit'], file)
    assert.ok(read(file).trimEnd().split('\n').length <= 40, `${file} is longer than forty lines`)
  }
})
