// `npm run build -w @biplane/web`: both apps into dist/, and the client as one file into its own. With `--watch` each app again whenever
// its sources change; with `--client FILE` the client alone.

import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { build } from 'vite'

import { APPS, appConfig } from './app-config.ts'
import { bundleClient } from './bundle-client.ts'

const { values } = parseArgs({ options: { watch: { type: 'boolean', default: false }, client: { type: 'string' } } })

if (values.client === undefined) {
  await Promise.all(APPS.map((app) => build(appConfig(app, values.watch))))
  await bundleClient(join(import.meta.dirname, '../../../client/dist/browser.js'))
} else await bundleClient(values.client)
