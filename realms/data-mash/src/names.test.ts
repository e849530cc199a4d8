import assert from 'node:assert/strict'
import { test } from 'node:test'

import { columnWords, likeness } from './names.ts'

const alike = (a: string, tableA: string, b: string, tableB: string): number =>
  likeness(columnWords(a, tableA).about, columnWords(b, tableB).about)

test('an identifier is about what it names, or about its table', () => {
  assert.equal(alike('customer_id', 'orders', 'id', 'customers'), 1)
  assert.equal(alike('CustomerID', 'orders', 'id', 'customer'), 1)
  assert.equal(alike('cust_no', 'orders', 'customer_number', 'clients'), 1)
  assert.equal(alike('productId', 'items', 'sku', 'articles'), 1)
  assert.equal(alike('countries', 'a', 'country_code', 'b'), 1)
  assert.equal(alike('customerid', 'orders', 'Customer ID', 'x'), 1)
})

test('a word for "identifier" alone makes nothing alike', () => {
  assert.equal(alike('id', 'orders', 'id', 'customers'), 0)
  assert.equal(alike('order_id', 'items', 'id', 'customers'), 0)
  assert.equal(alike('quantity', 'items', 'id', 'orders'), 0)
  assert.equal(columnWords('no', 'x').isBare, true)
})
