// The client as one file for a page that has no build of its own: `node client/bundle.ts FILE`.

import { join } from 'node:path'

import { build } from 'rolldown'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('Usage: node client/bundle.ts FILE')

await build({
  input: join(import.meta.dirname, 'src/client.ts'),
  platform: 'browser',
  output: { file, format: 'es', minify: true },
})
