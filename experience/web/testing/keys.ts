// What a house with locked doors needs: the gateway's own key, and one for each program.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createKey } from '@biplane/gateway/keys'

export interface Keys extends AsyncDisposable {
  runtimeEnv: Record<string, string>
  gatewayEnv: Record<string, string>
  /** By the names that were asked for. */
  keys: Record<string, string>
}

/** `tenants`: that of each name. All are users. */
export async function makeKeys(tenants: Record<string, string>): Promise<Keys> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-keys-'))
  const path = (name: string) => join(folder, name)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await writeFile(path('service.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(path('public.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  const keys: Record<string, string> = {}
  for (const [name, tenant_id] of Object.entries(tenants)) {
    keys[name] = (await createKey(path('api-keys.json'), { name, tenant_id, role: 'user' })).key
  }
  return {
    runtimeEnv: { BIPLANE_AUTH: path('public.pem') },
    gatewayEnv: { BIPLANE_KEYS: path('api-keys.json'), BIPLANE_SERVICE_KEY: path('service.pem') },
    keys,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
