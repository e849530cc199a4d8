import assert from 'node:assert/strict'
import { test } from 'node:test'

import { bytesInWords, percent, plural, reasonInWords, valueInWords } from './words.ts'

test('sizes have the unit that keeps them short', () => {
  assert.deepEqual([0, 999, 1000, 12_345, 123_456, 5_000_000_000].map(bytesInWords), [
    '0 bytes',
    '999 bytes',
    '1.0 KB',
    '12.3 KB',
    '123 KB',
    '5.0 GB',
  ])
})

test('a share is called whole, or nothing, only if it is', () => {
  assert.deepEqual([0, 0.00001, 0.5, 0.973, 0.99999, 1].map(percent), [
    '0 %',
    '0.1 %',
    '50 %',
    '97.3 %',
    '99.9 %',
    '100 %',
  ])
})

test('one is not many', () => {
  assert.deepEqual(
    [plural(1, 'row'), plural(1200, 'row'), plural(2, 'entry', 'entries')],
    ['1 row', '1,200 rows', '2 entries'],
  )
})

test('every reason is a sentence, also one that is not known here', () => {
  assert.equal(reasonInWords('not_decimal'), 'It is not a decimal number.')
  assert.equal(reasonInWords('not_date'), 'It is not a date.')
  assert.equal(reasonInWords('of_another_age'), 'of another age')
})

test('values are short, a year is a year and a code stays a code', () => {
  assert.deepEqual([2024, 50.123456789, 1_234_567, '00123', '2024-05-01T12:00:00', true].map(valueInWords), [
    '2024',
    '50.12346',
    '1,234,567',
    '00123',
    '2024-05-01 12:00:00',
    'true',
  ])
})
