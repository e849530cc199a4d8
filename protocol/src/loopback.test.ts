import assert from 'node:assert/strict'
import { test } from 'node:test'

import { corsHeaders, isLoopback, parseHosts, refusedSite } from './loopback.ts'

const rules = { hosts: ['runtime'], origins: ['https://app.example.com'] }
const code = (method: string, headers: Parameters<typeof refusedSite>[1]) =>
  refusedSite(method, headers, rules)?.code ?? 'passes'

test('a program on the machine, which sends neither Origin nor Sec-Fetch-Site, passes under every loopback name', () => {
  for (const host of [
    '127.0.0.1:8000',
    'localhost:8000',
    'LOCALHOST',
    '[::1]:8000',
    '127.8.0.3',
    'studio.localhost:8100',
  ]) {
    assert.equal(code('POST', { host }), 'passes', host)
  }
})

test('a name that is not served is refused with the variable that would serve it', () => {
  for (const host of [
    'evil.example',
    '10.0.0.7:8000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '',
    undefined,
  ]) {
    const problem = refusedSite('GET', { host }, rules)
    assert.equal(problem?.code, 'host_refused', String(host))
    assert.match(problem?.toProblem().advice ?? '', /BIPLANE_HOSTS/)
  }
  assert.equal(code('GET', { host: 'runtime:8000' }), 'passes')
})

test('the page that is served here may call, with or without the default port in its Host', () => {
  assert.equal(code('POST', { host: '127.0.0.1:8100', origin: 'http://127.0.0.1:8100' }), 'passes')
  assert.equal(code('POST', { host: 'localhost', origin: 'http://localhost' }), 'passes')
  assert.equal(code('POST', { host: 'localhost:443', origin: 'https://localhost' }), 'passes')
})

test('a page of another site or port, or of no origin, may not', () => {
  for (const origin of ['https://evil.example', 'http://127.0.0.1:3000', 'http://localhost:8100', 'null', '']) {
    assert.equal(code('POST', { host: '127.0.0.1:8100', origin }), 'origin_refused', origin)
  }
})

test('a configured origin may call, though its browser says cross-site', () => {
  const headers = { host: 'localhost:8100', origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' }
  assert.equal(code('POST', headers), 'passes')
})

test('a followed link from another site opens, while an image, a script or a form of that site is refused', () => {
  const from = { host: 'localhost:8100', 'sec-fetch-site': 'cross-site' }
  assert.equal(code('GET', { ...from, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }), 'passes')
  assert.equal(code('GET', { ...from, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }), 'origin_refused')
  assert.equal(code('GET', { ...from, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }), 'origin_refused')
  assert.equal(code('POST', { ...from, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }), 'origin_refused')
})

test('only a configured origin is given headers to read answers by', () => {
  assert.equal(
    corsHeaders('https://app.example.com', rules)?.['access-control-allow-origin'],
    'https://app.example.com',
  )
  assert.equal(corsHeaders('https://evil.example', rules), null)
  assert.equal(corsHeaders(undefined, rules), null)
})

test('hosts are read from a comma-separated list, without case and ports', () => {
  assert.deepEqual(parseHosts(' Runtime, api.example.com:8443,,'), ['runtime', 'api.example.com'])
  assert.deepEqual(parseHosts(''), [])
})

test('addresses to bind to are told apart: the loopback ones and all others', () => {
  for (const name of ['127.0.0.1', '::1', '[::1]', 'localhost']) assert.equal(isLoopback(name), true, name)
  for (const name of ['0.0.0.0', '::', '192.168.1.5', '128.0.0.1']) assert.equal(isLoopback(name), false, name)
})
