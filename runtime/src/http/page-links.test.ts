import assert from 'node:assert/strict'
import { test } from 'node:test'

import { pageLinks } from './page-links.ts'

test('a page says where the first and the next one are, with the same filter', () => {
  const url = '/api/execution?tenant_id=acme&status=failed&after=exe_1&limit=2'
  const same = '/api/execution?tenant_id=acme&status=failed&limit=2'
  assert.equal(
    pageLinks(url, { items: [], next: 'a b&c' }),
    `<${same}>; rel="first", <${same}&after=a+b%26c>; rel="next"`,
  )
})

test('the last page has no next one, and a list that was asked for without a query has none', () => {
  assert.equal(pageLinks('/api/session', { items: [], next: null }), '</api/session>; rel="first"')
})
