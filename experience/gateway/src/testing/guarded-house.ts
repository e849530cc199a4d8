// A house whose gateway asks callers who they are, and whose runtime asks the gateway: keys between them, made for the test.

import { type KeyObject, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { SignJWT } from 'jose'

import type { ExperienceOptions } from '../gateway.ts'
import { type House, openHouse } from './house.ts'

/** A test waits for a credential to count, or to count no more, by asking again and again. */
const PATIENT = { failures: { perSecond: 1_000, burst: 1_000 } }

export interface GuardedHouse extends House {
  /** For files of the test's own. */
  folder: string
  /** How a gateway of this house is configured, for a second one. */
  options: Pick<ExperienceOptions, 'auth' | 'serviceKey'>
  /** The headers of a caller with a token of their own. */
  bearer(claims: CallerClaims): Promise<{ authorization: string }>
}

export interface CallerClaims {
  tenant?: string | undefined
  subject?: string
  audience?: string
  issuer?: string
  /** As jose takes it, such as `1m`, or seconds since 1970. */
  expires?: string | number
  key?: KeyObject
  kid?: string
  /** Such as `{ role: 'viewer' }`. */
  more?: Record<string, unknown>
}

export async function openGuardedHouse(
  more: (folder: string) => Promise<Partial<ExperienceOptions>> = async () => ({}),
): Promise<GuardedHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-guarded-'))
  const callers = generateKeyPairSync('ed25519')
  const gateways = generateKeyPairSync('ed25519')
  const write = async (name: string, text: string | Buffer) => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const options = {
    auth: await write('callers.pem', pemOf(callers.publicKey)),
    serviceKey: await write('gateway.jwk', JSON.stringify(gateways.privateKey.export({ format: 'jwk' }))),
  }
  const runtimeEnv = { BIPLANE_AUTH: await write('gateway.pem', pemOf(gateways.publicKey)) }
  const house = await openHouse({ runtimeEnv, experience: { ...options, rate: PATIENT, ...(await more(folder)) } })
  return {
    ...house,
    folder,
    options,
    bearer: async (claims) => ({ authorization: `Bearer ${await tokenOf({ key: callers.privateKey, ...claims })}` }),
    async [Symbol.asyncDispose]() {
      await house[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

export const pemOf = (publicKey: KeyObject): string => publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** A caller's own token, as an issuer that BIPLANE_AUTH trusts would sign it. */
export async function tokenOf(claims: CallerClaims & { key: KeyObject }): Promise<string> {
  const { tenant, subject = 'ada', audience = 'biplane-gateway', expires = '1m', key, kid, issuer, more } = claims
  const token = new SignJWT({ ...(tenant === undefined ? {} : { tenant_id: tenant }), ...more })
    .setProtectedHeader({ alg: 'EdDSA', ...(kid === undefined ? {} : { kid }) })
    .setSubject(subject)
    .setAudience(audience)
    .setExpirationTime(expires)
  return (issuer === undefined ? token : token.setIssuer(issuer)).sign(key)
}
