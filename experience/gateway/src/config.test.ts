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

test('a process beside the first one has its port from a variable of its own', () => {
  const console = { ...config, port: 8200, portVariable: 'CONSOLE_PORT' }
  const env = { GATEWAY_PORT: '8100', CONSOLE_PORT: '0' }
  assert.equal(resolveOptions(console, env, null).port, 0)
  assert.equal(resolveOptions(console, { GATEWAY_PORT: '8100' }, null).port, 8200)
  assert.throws(() => resolveOptions(console, { CONSOLE_PORT: 'x' }, null), /CONSOLE_PORT=x is not a port/)
})

test('an empty variable is one that is not set', () => {
  const { auth, serviceKey } = resolveOptions(config, { BIPLANE_AUTH: '', BIPLANE_SERVICE_KEY: '' }, null)
  assert.deepEqual([auth, serviceKey], [undefined, undefined])
})

test('people sign in where a provider is named, by the configuration or the environment', () => {
  assert.equal(resolveOptions(config, {}, null).signIn, undefined)
  const signIn = {
    issuer: 'https://id.example.com',
    clientId: 'studio',
    claims: { tenant: 'org' },
    publicUrl: 'https://a.example',
  }
  assert.deepEqual(resolveOptions({ ...config, signIn }, {}, null).signIn, signIn)
  const env = {
    BIPLANE_OIDC_ISSUER: 'https://other.example.com',
    BIPLANE_OIDC_CLIENT_SECRET: 'a secret',
    BIPLANE_OIDC_ROLE_CLAIM: 'position',
    BIPLANE_COOKIE_KEY: 'keys/cookie.key',
  }
  assert.deepEqual(resolveOptions({ ...config, signIn }, env, null).signIn, {
    ...signIn,
    issuer: 'https://other.example.com',
    clientSecret: 'a secret',
    claims: { tenant: 'org', role: 'position' },
    cookieKey: 'keys/cookie.key',
  })
  assert.throws(() => resolveOptions(config, { BIPLANE_OIDC_ISSUER: 'https://id.example.com' }, null), {
    name: 'ConfigurationError',
    message: /Set BIPLANE_OIDC_CLIENT_ID/,
  })
  assert.throws(
    () => resolveOptions(config, { BIPLANE_OIDC_ISSUER: 'id.example.com', BIPLANE_OIDC_CLIENT_ID: 'x' }, null),
    {
      name: 'ConfigurationError',
      message: /BIPLANE_OIDC_ISSUER=id\.example\.com is not an address/,
    },
  )
})
