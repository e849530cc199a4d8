// The client as one file for a page that has no build of its own: `node experience/web/build/bundle-client.ts FILE`.

import { build } from 'rolldown'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('Usage: node bundle-client.ts FILE')

await build({
  cwd: import.meta.dirname,
  input: '@biplane/client',
  platform: 'browser',
  output: { file, format: 'es', minify: true },
})
