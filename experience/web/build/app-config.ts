// How an app is built: one configuration, two builds. No file of it is served that is not named for what is in it.

import { join } from 'node:path'

import type { InlineConfig } from 'vite'

import { CSP_NONCE } from './csp-nonce.ts'
import { compressed } from './compressed.ts'
import { withinBudget } from './script-budget.ts'

export const APPS = ['studio', 'console'] as const

const WEB = join(import.meta.dirname, '..')
/** Those that know `light-dark()`, nesting and `Promise.withResolvers`. */
const BROWSERS = ['chrome123', 'firefox121', 'safari17.5']

export const appConfig = (app: (typeof APPS)[number], watch = false): InlineConfig => ({
  configFile: false,
  root: join(WEB, app),
  logLevel: watch ? 'info' : 'warn',
  html: { cspNonce: CSP_NONCE },
  plugins: watch ? [] : [withinBudget(app), compressed()],
  build: {
    outDir: join(WEB, 'dist', app),
    emptyOutDir: true,
    target: BROWSERS,
    assetsInlineLimit: 0,
    // Vite's own gzip of every file, for its list, which is not shown.
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
    watch: watch ? {} : null,
    rolldownOptions: {
      input: join(WEB, app, `${app}.html`),
      // Libraries mark what servers that render must leave to the browser; there is none here.
      onLog: (level, log, tell) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : tell(level, log)),
    },
  },
})
