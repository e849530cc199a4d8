// `npm run build -w @biplane/web`: both apps into dist/. With `--watch` each again whenever its sources change.

import { parseArgs } from 'node:util'

import { build } from 'vite'

import { APPS, appConfig } from './app-config.ts'

const { values } = parseArgs({ options: { watch: { type: 'boolean', default: false } } })
await Promise.all(APPS.map((app) => build(appConfig(app, values.watch))))
