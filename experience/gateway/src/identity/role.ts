// What a caller may do. Roles are for people and for keys; scopes are what the runtime looks at (docs/protocol.md §4, "Who asks").

import * as z from 'zod'

export const SCOPES = ['event:read', 'intent:submit', 'execution:operate', 'admin'] as const
export const Scope = z.enum(SCOPES)
export type Scope = z.infer<typeof Scope>

export const ROLES = ['viewer', 'user', 'operator', 'admin'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** Each role may do what the one before it may. */
export const scopesOf = (role: Role): readonly Scope[] => SCOPES.slice(0, ROLES.indexOf(role) + 1)

/** What somebody may do of whom nothing else is said. */
export const DEFAULT_ROLE: Role = 'user'
