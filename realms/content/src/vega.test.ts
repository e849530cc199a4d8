// Type inference against somebody else's truth: the files of vega-datasets, whose datapackage.json says what type each field is.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

import { testRuntime } from '@biplane/tables/testing'
import type { Content } from '@biplane/tables'

import { content } from './content.ts'

/** The share of fields whose type agrees. The rest are matters of opinion, listed by the test. */
const AGREE_MIN = 0.5

const root = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..')

interface Resource {
  path: string
  format: string
  schema?: { fields: { name: string; type: string }[] }
}

const said: Record<string, readonly string[]> = {
  string: ['text', 'time', 'boolean'],
  integer: ['integer'],
  number: ['decimal', 'double', 'integer'],
  date: ['date'],
  datetime: ['timestamp'],
  boolean: ['boolean'],
}

test('types agree with those that vega-datasets documents', async (t) => {
  await using runtime = await testRuntime()
  const { resources } = JSON.parse(readFileSync(join(root, 'datapackage.json'), 'utf8')) as { resources: Resource[] }
  const tables = resources.filter(
    ({ format, schema }) => ['csv', 'tsv', 'json'].includes(format) && schema !== undefined,
  )
  let fields = 0
  let agree = 0
  for (const { path, schema } of tables) {
    const started = performance.now()
    const file = await runtime.put(readFileSync(join(root, 'data', path)), path)
    const found = (await runtime.intent(content, 'content.upload', { file })) as Content
    const { in: count, landed, rejected } = found.rows
    assert.equal(count, landed + rejected)
    if (rejected > 0) t.diagnostic(`${path}: ${rejected} rejected ${JSON.stringify(found.warnings)}`)
    for (const { name, type } of schema!.fields) {
      const column = found.columns.find(({ label }) => label === name)
      fields++
      if (column !== undefined && said[type]!.includes(column.type)) agree++
      else t.diagnostic(`${path} ${name}: ${column?.type ?? 'absent'}, documented as ${type}`)
    }
    if (performance.now() - started > 1000)
      t.diagnostic(`${path}: ${landed} rows in ${Math.round(performance.now() - started)} ms`)
  }
  t.diagnostic(`${agree} of ${fields} fields agree: ${((100 * agree) / fields).toFixed(1)}%`)
  assert.ok(agree / fields >= AGREE_MIN)
})
