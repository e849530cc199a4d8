// Who is at this tab, as the gateway knows them.

import { BiplaneError, type Client, createClient } from '@biplane/client'

export interface Who {
  /** Null on open loopback, where nobody is asked and the tenant is the one that is named. */
  tenant_id: string | null
  subject: string | null
  role: string
  scopes: string[]
  /** As they are called at the provider where they sign in. */
  name?: string
}

/** Where a tenant is named by whoever asks, this is the first one. */
const FIRST_TENANT = 'demo'
const TENANT_KEY = 'biplane.tenant'
/** For this tab alone, and gone with it. */
const API_KEY_KEY = 'biplane.api-key'
/** Where a cookie says who it is, this says that no other site has sent it. */
const OF_THIS_PAGE = { 'Biplane-Csrf': '1' }

export const heldApiKey = (): string | null => sessionStorage.getItem(API_KEY_KEY)
export const holdApiKey = (key: string): void => sessionStorage.setItem(API_KEY_KEY, key)
export const dropApiKey = (): void => sessionStorage.removeItem(API_KEY_KEY)
const chosenTenant = (): string => localStorage.getItem(TENANT_KEY) ?? FIRST_TENANT
export const chooseTenant = (tenantId: string): void => localStorage.setItem(TENANT_KEY, tenantId)

/** @throws BiplaneError `unauthenticated` if the gateway wants to know who it is */
export async function askWho(signal?: AbortSignal): Promise<Who> {
  const key = heldApiKey()
  const headers = key === null ? undefined : { authorization: `Bearer ${key}` }
  const response = await fetch('/auth/me', { ...(headers && { headers }), signal: signal ?? null }).catch(
    (cause: unknown) => {
      signal?.throwIfAborted()
      throw unreachable(cause)
    },
  )
  if (response.ok) return (await response.json()) as Who
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) throw unreachable(response.status)
  throw new BiplaneError((await response.json()) as ConstructorParameters<typeof BiplaneError>[0])
}

const unreachable = (cause: unknown): BiplaneError =>
  new BiplaneError(
    {
      code: 'gateway_unreachable',
      status: 503,
      detail: 'The gateway of this page does not answer.',
      advice: 'Check that it is running (npm start), and your connection; then try again.',
    },
    { cause },
  )

/** Whether people sign in at this gateway: a redirect to their provider answers. */
export async function mayISignIn(): Promise<boolean> {
  const { type } = await fetch('/auth/sign-in', { redirect: 'manual' })
  return type === 'opaqueredirect'
}

export function clientFor(who: Who): { client: Client; tenantId: string } {
  const tenantId = who.tenant_id ?? chosenTenant()
  const key = heldApiKey()
  const client = createClient({
    url: `${location.origin}/v1`,
    tenantId,
    headers: OF_THIS_PAGE,
    ...(key === null ? {} : { token: key }),
  })
  return { client, tenantId }
}

/** For what is sent to the gateway past the client: what shows who it is. */
export function headersHere(): Record<string, string> {
  const key = heldApiKey()
  return { ...OF_THIS_PAGE, ...(key === null ? {} : { authorization: `Bearer ${key}` }) }
}
