// Brings an app up in its page.

import '@mantine/core/styles.css'
import './theme.css'

import { MantineProvider } from '@mantine/core'
import { QueryCache, QueryClient, QueryClientProvider, useQueryClient } from '@tanstack/react-query'
import { type AnyRouter, RouterProvider } from '@tanstack/react-router'
import { StrictMode, useCallback } from 'react'
import { createRoot } from 'react-dom/client'

import { BiplaneProvider } from './connect/biplane.tsx'
import { REACH, useReach } from './connect/reach.tsx'
import { cssVariables, theme } from './theme.ts'

/** What was read is shown at once when a page is opened again, and read anew behind it if it is older. */
const FRESH_MS = 5_000

/** Of this answer of the gateway: styles that are made as we run must carry it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''

export function startApp(router: AnyRouter): void {
  // Where what locks the scroll behind a dialog looks for it.
  Object.assign(globalThis, { __webpack_nonce__: nonce })
  // A build that came meanwhile has other names for what was not loaded yet.
  window.addEventListener('vite:preloadError', () => location.reload())
  // The client tries again by itself, so a query need not; and what the browser thinks of the network is not asked.
  const defaultOptions = { queries: { retry: false, staleTime: FRESH_MS, networkMode: 'always' as const } }
  // What failed may have failed because the server is away; that is known at once then.
  const queryCache = new QueryCache({
    onError: () => void queries.invalidateQueries({ queryKey: REACH }).catch(reportError),
  })
  const queries = new QueryClient({ defaultOptions, queryCache })
  const root = document.querySelector('#app')
  if (root === null) throw new Error('The page has no #app')
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queries}>
          <Connected router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}

function Connected({ router }: { router: AnyRouter }) {
  const queries = useQueryClient()
  useReach(useCallback(() => void queries.invalidateQueries().catch(reportError), [queries]))
  return (
    <BiplaneProvider>
      <RouterProvider router={router} />
    </BiplaneProvider>
  )
}
