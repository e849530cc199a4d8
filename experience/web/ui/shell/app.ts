// What an app tells the shell of itself.

import type { Client } from '@biplane/client'
import type { Icon } from '@tabler/icons-react'
import type { QueryClient } from '@tanstack/react-query'

export interface Place {
  /** `/executions`. */
  to: string
  label: string
  icon: Icon
  /** The key that goes there after `g`. */
  key: string
}

/** Something that was found: a place to go. */
export interface Found {
  to: string
  label: string
  /** Where it belongs, such as `Table`. */
  kind: string
}

export interface Search {
  /** At least two characters. */
  text: string
  client: Client
  tenantId: string
  queries: QueryClient
}

export interface App {
  /** `Studio`. */
  name: string
  places: readonly Place[]
  /** Keys of its own, for those who look them up: what they are, and what they do. */
  keys?: readonly [keys: string[], what: string][]
  /** What the find box says that it looks in: `pages and tables`. */
  finds: string
  /** The shell looks in the places itself; this finds what else there is, best first. */
  find: (search: Search) => Promise<readonly Found[]>
}
