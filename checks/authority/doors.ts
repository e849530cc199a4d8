// The routes that there are, as each plane says itself, beside what the matrix says of them.

import { ROUTES } from '@biplane/runtime/server'

import { ask } from './ask.ts'
import type { Door, House } from './house.ts'
import { GATEWAY, type Matrix, RUNTIME, WIRE } from './routes.ts'

export interface Judged {
  door: Door
  /** As the plane says. */
  routes: string[]
  matrix: Matrix
}

/** See experience.config.ts. */
interface Register {
  routes: string[]
  sockets: string[]
}

interface Document {
  paths: Record<string, Record<string, unknown>>
}

const UPGRADE_REQUIRED = 426
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete']

export async function judgedDoors({ runtime, gateway }: House): Promise<Judged[]> {
  return [
    { door: runtime, routes: ROUTES.map(({ method, url }) => `${String(method)} ${url}`), matrix: atRuntime() },
    { door: gateway, routes: await routesIn(gateway), matrix: atGateway() },
  ]
}

const atRuntime = (): Matrix => ({ ...under('/api', WIRE), ...RUNTIME })
const atGateway = (): Matrix => ({ ...under('/v1', WIRE), ...GATEWAY })

function under(base: Door['base'], matrix: Matrix): Matrix {
  const rows = Object.entries(matrix).map(([route, row]): [string, Matrix[string]] => {
    const placed = (of: Parameters<typeof row.ask>[0]) => {
      const asked = row.ask(of)
      return { ...asked, path: base + asked.path }
    }
    return [route.replace(' ', ` ${base}`), { ...row, ask: placed }]
  })
  return Object.fromEntries(rows)
}

/** What it says itself that it serves, and the capabilities, which one route serves: those stand in the API document. */
async function routesIn(gateway: Door): Promise<string[]> {
  const { routes } = await told<Register>(gateway, '/register')
  const served = routes.filter((path) => !NOT_OF_THE_GATEWAY.includes(path) && path !== OF_CAPABILITIES)
  const methods = await Promise.all(served.map((path) => methodsAt(gateway, path)))
  const all = served.flatMap((path, index) => methods[index]?.map((method) => `${method} ${path}`) ?? [])
  return [...new Set([...all, ...(await documentedIn(gateway))])]
}

const OF_CAPABILITIES = '/v1/*'
/** Of the test, and what Fastify answers for whatever is nowhere. */
const NOT_OF_THE_GATEWAY = ['/register', '*']

/** Whoever asks with a method that is not taken is told the others. What may be read has a head too. */
async function methodsAt({ url }: Door, path: string): Promise<string[]> {
  const { status, headers } = await ask(url, { method: 'PUT', path: path.replaceAll(/:\w+|\*/g, 'x') })
  if (status === UPGRADE_REQUIRED) return ['GET']
  const allowed = headers.get('allow')?.split(', ') ?? ['ANY']
  return allowed.filter((method) => method !== 'HEAD' || !allowed.includes('GET'))
}

/** `{key}` is the rest of a path there. */
async function documentedIn(gateway: Door): Promise<string[]> {
  const { paths } = await told<Document>(gateway, '/openapi.json')
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => METHODS.includes(method))
      .map((method) => `${method.toUpperCase()} ${path.replace('/{key}', '/*').replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
}

/** The paths at which the gateway opens sockets. */
export const socketsIn = async (gateway: Door): Promise<string[]> =>
  (await told<Register>(gateway, '/register')).sockets

async function told<T>({ url }: Door, path: string): Promise<T> {
  return JSON.parse((await ask(url, { method: 'GET', path })).text) as T
}
