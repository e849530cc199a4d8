// Both planes as processes that ask everybody who they are, and a door into each: its address, and tokens that hold there.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type NodeProcess, startProcess } from '@biplane/client/testing'

import { ROOT } from '../repository.ts'
import { SESSION_COOKIE, sealedSession } from './cookie.ts'
import { type Keys, makeKeys } from './keys.ts'
import { type Fields, type Signer, tokenOf, withKey } from './token.ts'

export interface Door {
  name: 'runtime' | 'gateway'
  url: string
  /** What the paths of the wire's calls begin with. */
  base: '/api' | '/v1'
  /** As it is trusted here, but for what is given. */
  token(claims: Fields, header?: Fields, by?: Signer): string
}

export interface House extends AsyncDisposable {
  runtime: Door
  gateway: Door
  keys: Keys
  /** What a page of the gateway sends for a person who has signed in there. */
  signedIn(claims: Fields): Record<string, string>
  /** All that both processes have printed. */
  printed(): string
  /** Ids of the processes. */
  pids(): number[]
  /** Ends the runtime as an operator would, and starts it again on its data. Answers its exit code. */
  restartRuntime(): Promise<number | null>
}

export interface HouseOptions {
  /** The runtime's configuration, from the root of the repository. */
  config: string
  /** Whose the API keys are. */
  tenant: string
  /** Whether people sign in at the gateway. */
  signIn?: boolean
}

const EXPERIENCE = 'checks/authority/experience.config.ts'

export async function openHouse({ config, tenant, signIn = false }: HouseOptions): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-guarded-'))
  const keys = makeKeys(folder, tenant)
  const startRuntime = (port: string) =>
    startProcess({
      main: 'runtime/src/main.ts',
      env: {
        BIPLANE_CONFIG: join(ROOT, config),
        BIPLANE_DATA: join(folder, 'data'),
        BIPLANE_LOG: 'info',
        RUNTIME_PORT: port,
        ...keys.env.runtime,
      },
    })
  let runtime: NodeProcess = await startRuntime('0')
  const gateway = await startProcess({
    main: 'experience/gateway/src/main.ts',
    args: ['--config', join(ROOT, EXPERIENCE)],
    env: {
      RUNTIME_URL: runtime.url,
      GATEWAY_PORT: '0',
      BIPLANE_UPLOADS: join(folder, 'uploads'),
      BIPLANE_LOG: 'info',
      ...keys.env.gateway,
      ...(signIn ? keys.env.signIn : {}),
    },
  })
  let before = ''
  return {
    runtime: doorOf('runtime', runtime.url, keys),
    gateway: doorOf('gateway', gateway.url, keys),
    keys,
    signedIn: (claims) => pageOf(gateway.url, sealedSession(keys.cookie, claims)),
    printed: () => before + runtime.printed() + gateway.printed(),
    pids: () => [runtime.pid, gateway.pid],
    async restartRuntime() {
      const code = await runtime.end('SIGTERM')
      before += runtime.printed()
      runtime = await startRuntime(new URL(runtime.url).port)
      return code
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([gateway.end('SIGTERM'), runtime.end('SIGTERM')])
      await rm(folder, { recursive: true })
    },
  }
}

/** The headers of a request that a page of the gateway sends, with a session. */
export const pageOf = (url: string, session: string): Record<string, string> => ({
  cookie: `${SESSION_COOKIE}=${session}`,
  origin: url,
  'biplane-csrf': '1',
})

function doorOf(name: Door['name'], url: string, keys: Keys): Door {
  const own =
    name === 'runtime'
      ? { by: keys.gateway, header: { typ: 'biplane+jwt', kid: 'gateway' }, iss: 'biplane-gateway' }
      : { by: keys.callers, header: {}, iss: 'a-house' }
  const usual = { aud: `biplane-${name}`, iss: own.iss }
  return {
    name,
    url,
    base: name === 'runtime' ? '/api' : '/v1',
    token: (claims, header = {}, by = withKey(own.by.privateKey)) =>
      tokenOf({ alg: 'EdDSA', ...own.header, ...header }, { ...usual, ...claims }, by),
  }
}
