import assert from 'node:assert/strict'
import { test } from 'node:test'

import { resolveOptions } from './config.ts'

const config = { surfaces: ['rest'] as const, runtimeUrl: 'http://configured:1', port: 1, hosts: ['one'] }

test('the environment overrides the configuration, and adds its hosts', () => {
  const env = {
    RUNTIME_URL: 'http://runtime:8000',
    GATEWAY_HOST: '::1',
    GATEWAY_PORT: '0',
    BIPLANE_HOSTS: 'Two:80,three',
  }
  const options = resolveOptions(config, env, null)
  assert.equal(options.runtimeUrl, 'http://runtime:8000')
  assert.deepEqual([options.host, options.port, options.hosts], ['::1', 0, ['one', 'two', 'three']])
})

test('without either, it is the runtime of this machine', () => {
  assert.equal(resolveOptions({ surfaces: [] }, {}, null).runtimeUrl, 'http://127.0.0.1:8000')
  assert.equal(resolveOptions(config, {}, null).runtimeUrl, 'http://configured:1')
})

test('a process can be given some of the surfaces, by their names', () => {
  const own = { name: 'pigeon', mount: () => {} }
  const both = { ...config, surfaces: ['rest', own] as const }
  assert.deepEqual(resolveOptions(both, {}, ['pigeon']).surfaces, [own])
  assert.deepEqual(resolveOptions(both, {}, null).surfaces, ['rest', own])
  assert.throws(() => resolveOptions(both, {}, ['owl']), { name: 'ConfigurationError', message: /owl.*rest, pigeon/ })
})

test('an empty variable is one that is not set', () => {
  const { auth, serviceKey } = resolveOptions(config, { BIPLANE_AUTH: '', BIPLANE_SERVICE_KEY: '' }, null)
  assert.deepEqual([auth, serviceKey], [undefined, undefined])
})
