// The addresses of Console. A page is a module of pages/, loaded when it is first gone to.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'

import { NotFound, PageBroke } from '../../ui/show/lost.tsx'
import { Loading } from '../../ui/show/loading.tsx'
import { Shell } from '../../ui/shell/shell.tsx'
import { app } from './app.ts'
import { type Filter, readFilter } from './executions/filter.ts'

const root = createRootRoute({ component: () => <Shell app={app} /> })

const executions = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search): Filter => readFilter(search),
  component: lazyRouteComponent(() => import('./pages/executions.tsx'), 'Executions'),
})

const execution = createRoute({
  getParentRoute: () => root,
  path: '/executions/$id',
  component: lazyRouteComponent(() => import('./pages/execution.tsx'), 'Execution'),
})

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  component: lazyRouteComponent(() => import('./pages/sessions.tsx'), 'Sessions'),
})

const session = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$id',
  component: lazyRouteComponent(() => import('./pages/session.tsx'), 'Session'),
})

const capabilities = createRoute({
  getParentRoute: () => root,
  path: '/capabilities',
  component: lazyRouteComponent(() => import('./pages/capabilities.tsx'), 'Capabilities'),
})

const capability = createRoute({
  getParentRoute: () => root,
  path: '/capabilities/$type',
  component: lazyRouteComponent(() => import('./pages/capability.tsx'), 'CapabilityPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([executions, execution, sessions, session, capabilities, capability]),
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
