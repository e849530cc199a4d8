// Who has signed in, told from what the provider says of them.

import { ProblemError, TenantId, fieldErrors } from '@biplane/protocol'
import * as z from 'zod'

import { Subject } from '../identity/credential.ts'
import { DEFAULT_ROLE, Role } from '../identity/role.ts'

const NAME_CHARS_MAX = 100

export const Person = z.object({
  tenant_id: TenantId,
  /** As the log names them. */
  sub: Subject,
  role: Role,
  /** For their own eyes. */
  name: z.string().max(NAME_CHARS_MAX).optional(),
})
export type Person = z.infer<typeof Person>

/** Reads the claims of an ID token. What it leaves out is read as if there were no such function. */
export type PersonOf = (claims: Record<string, unknown>) => {
  tenant?: string
  role?: Role
  subject?: string
  name?: string
}

/** @throws ProblemError forbidden if they have no tenant here, or a role that nobody knows */
export function personFrom(
  claims: Record<string, unknown>,
  how: PersonOf | { tenant?: string; role?: string } = {},
): Person {
  const read = typeof how === 'function' ? how(claims) : {}
  const named = typeof how === 'function' ? {} : how
  const parsed = Person.safeParse({
    tenant_id: read.tenant ?? claims[named.tenant ?? 'tenant_id'],
    sub: read.subject ?? claims['sub'],
    role: read.role ?? claims[named.role ?? 'role'] ?? DEFAULT_ROLE,
    name: shortened(read.name ?? claims['name'] ?? claims['preferred_username'] ?? claims['email']),
  })
  if (parsed.success) return parsed.data
  const [first] = fieldErrors(parsed.error)
  throw new ProblemError(
    'forbidden',
    `The provider says who you are, but not what you may do here: ${first?.path} ${first?.message}.`,
  )
}

const shortened = (name: unknown): string | undefined =>
  typeof name === 'string' ? name.slice(0, NAME_CHARS_MAX) : undefined
