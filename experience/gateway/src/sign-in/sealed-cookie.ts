// Cookies whose contents only a gateway can read or write. All that there is of a session of a browser is in its cookie, so a
// gateway keeps nothing, and any gateway with the same key goes on where another left off.

import type { IncomingHttpHeaders } from 'node:http'

import { EncryptJWT, jwtDecrypt } from 'jose'
import type * as z from 'zod'

import { isSecure } from './public-origin.ts'

/** Browsers keep about 4,096 bytes of a cookie with its name and attributes, and drop what is larger without a word. */
export const COOKIE_CHARS_MAX = 3_800

export interface SealedCookie<T> {
  /** What the browser sent, if a gateway has sealed it for this purpose and its time is not over. */
  read(headers: IncomingHttpHeaders, origin: URL): Promise<T | null>
  /** A Set-Cookie header. `endsAtS`: seconds since 1970. */
  write(value: T, endsAtS: number, origin: URL): Promise<string>
  /** A Set-Cookie header that has the browser forget it. */
  clear(origin: URL): string
}

/** `purpose` is a part of the name, and of what is sealed: a cookie made for one purpose is nothing for another. */
export function sealedCookie<T extends Record<string, unknown>>(
  key: Uint8Array,
  purpose: string,
  schema: z.ZodType<T>,
): SealedCookie<T> {
  // `__Host-`: the browser takes it over TLS alone, and from no other host. It would refuse that name on a plain loopback.
  const nameAt = (origin: URL) => `${isSecure(origin) ? '__Host-' : ''}biplane-${purpose}`
  const attributesAt = (origin: URL) => `Path=/; HttpOnly; SameSite=Lax${isSecure(origin) ? '; Secure' : ''}`

  return {
    async read(headers, origin) {
      const sealed = valueIn(headers.cookie, nameAt(origin))
      if (sealed === undefined) return null
      const options = { audience: purpose, keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] }
      const opened = await jwtDecrypt(sealed, key, { ...options, requiredClaims: ['exp'] }).catch(() => null)
      return schema.safeParse(opened?.payload).data ?? null
    },
    async write(value, endsAtS, origin) {
      const sealed = await new EncryptJWT(value)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setExpirationTime(endsAtS)
        .encrypt(key)
      const lifeS = Math.max(0, endsAtS - Math.floor(Date.now() / 1000))
      return `${nameAt(origin)}=${sealed}; ${attributesAt(origin)}; Max-Age=${lifeS}`
    },
    clear: (origin) => `${nameAt(origin)}=; ${attributesAt(origin)}; Max-Age=0`,
  }
}

function valueIn(header: string | undefined, name: string): string | undefined {
  const pair = header?.split(';').find((one) => one.trimStart().startsWith(`${name}=`))
  return pair?.slice(pair.indexOf('=') + 1).trim()
}
