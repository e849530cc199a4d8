import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { cellBytes } from './cell-text.ts'
import { RECORD_BYTES_MAX } from './rejected-row.ts'
import { dialectBytes, type Dialect } from './scan-record.ts'
import { DelimitedSplitter } from './split-delimited.ts'

const CSV: Dialect = { delimiter: ',', quote: '"', escape: 'double' }

/** Everything a splitter says of a file, cut into chunks of this many bytes. */
function split(file: Buffer, width: number, chunkBytes = file.length + 1, dialect = CSV) {
  const { quote, escape } = dialectBytes(dialect)
  const said: { record: number; line: number; cells?: string[]; reason?: string; raw?: string }[] = []
  const splitter = new DelimitedSplitter(dialect, width, {
    record(bytes, _start, _end, scan, place) {
      const cells = Array.from({ length: scan.cells }, (_, i) =>
        cellBytes(bytes, scan, i, quote, escape).toString('latin1'),
      )
      said.push({ ...place, cells })
    },
    reject: ({ record, line, reason, raw }) => said.push({ record, line, reason, raw }),
  })
  for (let at = 0; at < file.length; at += chunkBytes) splitter.feed(file.subarray(at, at + chunkBytes), false)
  splitter.feed(Buffer.alloc(0), true)
  return said
}

const rows = (text: string, width = 0) => split(Buffer.from(text), width).map(({ cells, reason }) => cells ?? reason)

test('quotes, line ends and blank lines are read as RFC 4180 means them', () => {
  assert.deepEqual(rows('a,b\r\n"1,2","say ""hi"""\n\n  \n"x\ny",\r3,4'), [
    ['a', 'b'],
    ['1,2', 'say "hi"'],
    ['x\ny', ''],
    ['3', '4'],
  ])
  assert.deepEqual(rows('a, "b, c" ,d\n5" pipe,,\n""\n'), [['a', 'b, c', 'd'], ['5" pipe', '', ''], ['']])
})

test('an unterminated quote costs its own line and no other', () => {
  const file = 'a,b,c\n1,"open,3\n2,"x",5\n3,y,6\n4,"also open,\n5,z,7\n'
  assert.deepEqual(rows(file, 3), [
    ['a', 'b', 'c'],
    'unterminated_quote',
    ['2', 'x', '5'],
    ['3', 'y', '6'],
    'unterminated_quote',
    ['5', 'z', '7'],
  ])
})

test('a quote that is closed by chance lines later is found by the number of cells', () => {
  assert.deepEqual(rows('a,b,c\n1,"open,2\n3,4,5\n6,x",7,8,9\n10,11,12\n', 3), [
    ['a', 'b', 'c'],
    'unterminated_quote',
    ['3', '4', '5'],
    'cell_count',
    ['10', '11', '12'],
  ])
})

test('ragged records and text after a closing quote are rejected one by one', () => {
  assert.deepEqual(rows('a,b\n1\n1,2,3\n"x"y,2\n1,2\n', 2), [
    ['a', 'b'],
    'cell_count',
    'cell_count',
    'stray_quote',
    ['1', '2'],
  ])
})

test('a record that is too long is rejected, and the next one is read', () => {
  const long = Buffer.alloc(RECORD_BYTES_MAX + 10, 'x')
  const file = Buffer.concat([Buffer.from('a,b\n'), long, Buffer.from(',1\n2,3\n')])
  for (const chunk of [64 * 1024, file.length]) {
    const said = split(file, 2, chunk)
    assert.deepEqual(
      said.map(({ cells, reason }) => cells ?? reason),
      [['a', 'b'], 'too_long', ['2', '3']],
    )
    assert.ok(said[1]!.raw!.length < 1100)
  }
})

const garbage = fc
  .array(fc.constantFrom(...'ab1,;"\n\r \t\'\\', 'é', '\0'), { maxLength: 120 })
  .map((parts) => Buffer.from(parts.join('')))

test('where a file is cut into chunks changes nothing', () => {
  fc.assert(
    fc.property(garbage, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 9 }), (file, width, chunk) => {
      assert.deepEqual(split(file, width, chunk), split(file, width))
    }),
    { numRuns: 2000 },
  )
})

test('every line with something on it is in exactly one record', () => {
  fc.assert(
    fc.property(garbage, fc.integer({ min: 0, max: 4 }), (file, width) => {
      const said = split(file, width)
      assert.deepEqual(
        said.map(({ record }) => record),
        said.map((_, index) => index + 1),
      )
      const starts = said.map(({ line }) => line)
      assert.deepEqual(
        starts,
        starts.toSorted((a, b) => a - b),
      )
      const lines = file.toString('latin1').split(/\r\n|\n|\r/)
      for (const [index, line] of lines.entries()) {
        const owner = said.findLast((one) => one.line <= index + 1)
        if (/[^ \t]/.test(line)) assert.ok(owner, `line ${index + 1} is in no record`)
        // A rejected record is one line, so the next record begins on the next line that is not blank.
        if (owner?.reason !== undefined && /[^ \t]/.test(line)) assert.equal(owner.line, index + 1)
      }
    }),
    { numRuns: 2000 },
  )
})

test('what a writer of CSV wrote is read back cell by cell', () => {
  const cell = fc.string({ unit: fc.constantFrom(...'ab,"\n\r é'), maxLength: 6 })
  const table = fc
    .integer({ min: 2, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1 }))
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 50 }), (written, chunk) => {
      const text = written.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      const read = split(Buffer.from(text, 'latin1'), written[0]!.length, chunk).map(({ cells }) => cells)
      assert.deepEqual(read, written)
    }),
    { numRuns: 1000 },
  )
})
