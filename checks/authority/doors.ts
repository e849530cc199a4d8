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

interface Document {
  paths: Record<string, Record<string, unknown>>
}

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

/** Of the API document, which is made of the lists that the gateway serves from. `{key}` is the rest of a path there. */
async function routesIn({ url }: Door): Promise<string[]> {
  const { text } = await ask(url, { method: 'GET', path: '/openapi.json' })
  const { paths } = JSON.parse(text) as Document
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => METHODS.includes(method))
      .map((method) => `${method.toUpperCase()} ${path.replace('/{key}', '/*').replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
}
