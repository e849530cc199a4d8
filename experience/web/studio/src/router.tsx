// The addresses of Studio. A page is a module of pages/ with a component, loaded when it is first gone to.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'

import { NotFound, PageBroke } from '../../ui/show/lost.tsx'
import { Loading } from '../../ui/show/loading.tsx'
import { Shell } from '../../ui/shell/shell.tsx'
import { app } from './app.ts'

const root = createRootRoute({ component: () => <Shell app={app} /> })

/** What stands in an address is of anybody: a text that is one of these, else the first. */
const oneOf = <T extends string>(value: unknown, known: readonly [T, ...T[]]): T =>
  known.find((one) => one === value) ?? known[0]
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: ({ show, find }: Record<string, unknown>): { show?: 'products'; find?: string } => ({
    ...(show === 'products' ? { show } : {}),
    ...(text(find) === undefined ? {} : { find: text(find) as string }),
  }),
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'Home'),
})

const TABLE_TABS = ['rows', 'profile', 'rejected'] as const
const table = createRoute({
  getParentRoute: () => root,
  path: '/tables/$contentId',
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: (typeof TABLE_TABS)[number] } =>
    tab === undefined ? {} : { tab: oneOf(tab, TABLE_TABS) },
  component: lazyRouteComponent(() => import('./pages/table.tsx'), 'TablePage'),
})

const newMash = createRoute({
  getParentRoute: () => root,
  path: '/mash',
  validateSearch: ({ tables }: Record<string, unknown>): { tables?: string } =>
    text(tables) === undefined ? {} : { tables: text(tables) as string },
  component: lazyRouteComponent(() => import('./pages/new-mash.tsx'), 'NewMash'),
})

const mash = createRoute({
  getParentRoute: () => root,
  path: '/mashes/$executionId',
  component: lazyRouteComponent(() => import('./pages/mash.tsx'), 'MashPage'),
})

const PRODUCT_TABS = ['rows', 'ask', 'accounting', 'lineage', 'quality'] as const
const product = createRoute({
  getParentRoute: () => root,
  path: '/products/$productId',
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: (typeof PRODUCT_TABS)[number] } =>
    tab === undefined ? {} : { tab: oneOf(tab, PRODUCT_TABS) },
  component: lazyRouteComponent(() => import('./pages/product.tsx'), 'ProductPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([home, table, newMash, mash, product]),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: PageBroke,
  defaultPendingComponent: Loading,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
