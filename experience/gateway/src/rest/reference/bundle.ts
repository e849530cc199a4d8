// The script of the reference page, out of the package that brings it. The package gives it away through a plugin of Fastify's
// alone, so a server that nobody else sees is asked for it, once and when the page is first opened. It is kept gzipped: 5 MB
// are 1.3 MB then, and every browser takes it so.

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

import { fastify } from 'fastify'

export interface Bundle {
  gzipped: Buffer
  etag: string
}

let loading: Promise<Bundle> | null = null

export function loadBundle(): Promise<Bundle> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

async function load(): Promise<Bundle> {
  const { default: plugin } = await import('@scalar/fastify-api-reference')
  const app = fastify()
  await app.register(plugin, { routePrefix: '/reference', configuration: { url: '/openapi.json' } })
  const { statusCode, rawPayload } = await app.inject('/reference/js/scalar.js')
  await app.close()
  if (statusCode !== 200) throw new Error(`@scalar/fastify-api-reference answered ${statusCode} for its script.`)
  const gzipped = await promisify(gzip)(rawPayload)
  return { gzipped, etag: `"${createHash('sha256').update(gzipped).digest('base64url').slice(0, 22)}"` }
}
