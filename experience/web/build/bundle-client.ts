// The client as one file, for a page that has no build of its own (`@biplane/client/browser`).

import { build } from 'rolldown'

export async function bundleClient(file: string): Promise<void> {
  await build({
    cwd: import.meta.dirname,
    input: '@biplane/client',
    platform: 'browser',
    output: { file, format: 'es', minify: true },
  })
}
