import { subscribe } from 'node:diagnostics_channel'

/** So often that no test of who may do what is told that it came too often. */
const OFTEN = { perSecond: 100_000, burst: 100_000 }

interface App {
  addHook(name: 'onRoute', hear: (route: { url: string }) => void): void
  get(path: string, answer: () => Promise<object>): void
}
interface Kit {
  sockets: { at(path: string, open: unknown): void }
}

const routes = new Set<string>()
const sockets: string[] = []

/** Before any route is added, those of the gateway itself included. */
subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: App }
  fastify.addHook('onRoute', ({ url }) => routes.add(url))
})

/** Tells which routes there are, and which sockets the surfaces behind it open, so that none can be left out of the matrix. */
const register = {
  name: 'register',
  mount(app: App, { sockets: opened }: Kit): void {
    const { at } = opened
    opened.at = (path, open) => {
      sockets.push(path)
      at(path, open)
    }
    app.get('/register', async () => ({ routes: [...routes], sockets }))
  },
}

export default {
  surfaces: [register, 'rest', 'websocket', 'mcp'],
  rate: { tenant: OFTEN, subject: OFTEN, failures: OFTEN },
}
