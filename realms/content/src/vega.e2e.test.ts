// Type inference against somebody else's truth: the files of vega-datasets, whose datapackage.json says what type each field is.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

import { testRuntime } from '@biplane/tables/testing'
import type { Content } from '@biplane/tables'

import { content } from './content.ts'

/**
 * The share of fields whose type agrees: 98.5% when this was written. The rest are matters of opinion: `zip_code` is documented
 * as integer and has leading zeros, `Miles_per_Gallon` too and has halves.
 */
const AGREE_MIN = 0.98

/** Its amounts are written `"1,234"` in JSON and documented as strings; here they are numbers. */
const OTHERWISE = 'budget.json'

const root = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..')

interface Resource {
  path: string
  format: string
  schema?: { fields: { name: string; type: string }[] }
}

const FORMATS = ['csv', 'tsv', 'json']

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
  const documented = resources.filter(({ format, schema }) => FORMATS.includes(format) && schema !== undefined)
  let fields = 0
  let agree = 0
  for (const { path, schema } of documented) {
    const file = await runtime.put(readFileSync(join(root, 'data', path)), path)
    const { rows, columns } = (await runtime.intent(content, 'content.upload', { file })) as Content
    assert.equal(rows.in, rows.landed + rows.rejected)
    assert.equal(rows.rejected, 0, path)
    if (path === OTHERWISE) continue
    for (const { name, type } of schema!.fields) {
      const found = columns.find(({ label }) => label === name)?.type ?? 'absent'
      fields++
      if (said[type]!.includes(found)) agree++
      else t.diagnostic(`${path} ${name}: ${found}, documented as ${type}`)
    }
  }
  t.diagnostic(`${agree} of ${fields} fields agree: ${((100 * agree) / fields).toFixed(1)}%`)
  assert.ok(fields > 300 && agree / fields >= AGREE_MIN)
})
