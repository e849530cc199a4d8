// Any file at all: whatever it holds, every record and every cell of it is accounted for.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { cellBytes } from '../read/cell-text.ts'
import { decode } from '../read/encoding.ts'
import { dialectBytes } from '../read/scan-record.ts'
import { sniffLayout } from '../read/sniff.ts'
import { DelimitedSplitter } from '../read/split-delimited.ts'
import { landText, typeText } from './test-jobs.ts'

/** Every run of the tests makes other files; `PROPERTY_RUNS=1000` is the long form. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 25)
const NUL = '\u2400'

test('whatever the bytes, every record lands cell by cell or is rejected', async () => {
  const noise = fc.array(fc.constantFrom(...'ab1,;"\n\r \t', '\n', '"', ',', 'é', '\xe9', '\0', "'", '\\'), {
    minLength: 1,
    maxLength: 150,
  })
  await fc.assert(
    fc.asyncProperty(noise, async (parts) => {
      const file = Buffer.concat([Buffer.from('x,y\n1,2\n'), Buffer.from(parts.join(''), 'latin1')])
      const { landed, rows, rejected } = await landText(file)
      assert.equal(landed.rows.in, landed.rows.landed + landed.rows.rejected)
      assert.equal(rejected.length, landed.rows.rejected)
      assert.deepEqual(rows, expectedRows(file))
    }),
    { numRuns: RUNS },
  )
})

test('whatever the cells, each is a value, nothing, or listed', async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      'NA',
      '1',
      '-2.5',
      '3,5',
      '1,234',
      '01',
      'yes',
      'no',
      '2024-01-01',
      '31/12/2024',
      '12:30',
      'abc',
      '$5',
      '1e999',
      '2024-01-01T10:00Z',
    ),
    fc.string({ maxLength: 5 }).map((text) => text.replaceAll(/[",\r\n]/g, '')),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }), async (table) => {
      const file = `column one,column two\n${table.map((row) => row.map((text) => `"${text}"`).join(',')).join('\n')}\n`
      // The job itself checks that cells reconcile, and throws if they do not.
      const { typed, rows, rejected } = await typeText(file)
      assert.equal(rows.length, table.length)
      assert.equal(rejected.length, typed.rejectedCells)
    }),
    { numRuns: RUNS },
  )
})

/** The rows that the splitter finds, without a database in between. An empty cell that was not quoted is null. */
function expectedRows(file: Buffer): unknown[][] {
  const layout = sniffLayout(file, true)
  const { quote, escape } = dialectBytes(layout.dialect)
  const rows: unknown[][] = []
  new DelimitedSplitter(layout.dialect, layout.width, {
    record(bytes, start, end, scan, { record, line }) {
      if (line <= layout.headerLine || decode(bytes.subarray(start, end)) === null) return
      const utf8 = decode(bytes.subarray(start, end)) === bytes.toString('utf8', start, end)
      const cells = layout.labels.map((_, i) => {
        const content = cellBytes(bytes, scan, i, quote, escape)
        const text = (utf8 ? content.toString() : decode(content)!).replaceAll('\0', NUL)
        return text === '' && scan.quoted[i] === 0 ? null : text
      })
      rows.push([layout.headerLine > 0 ? record - 1 : record, ...cells])
    },
    reject: () => {},
  }).feed(file, true)
  return rows
}
