// The addresses of Studio. A page is a module of pages/ with a component `Page`, loaded when it is first gone to.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'

import { NotFound, PageBroke } from '../../ui/show/lost.tsx'
import { Loading } from '../../ui/show/loading.tsx'
import { Shell } from '../../ui/shell/shell.tsx'
import { app } from './app.ts'

const root = createRootRoute({ component: () => <Shell app={app} /> })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home.tsx'), 'Home'),
})

export const router = createRouter({
  routeTree: root.addChildren([home]),
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
