// What the find box finds: an id that is pasted, a type, or something recent whose id has the letters in it.

import type { Found, Search } from '../../ui/shell/app.ts'
import { catalogueOf } from './capability/catalogue.ts'

const RECENT = 100
const OF_A_KIND_MAX = 6

export async function findIn({ text, client, tenantId, queries }: Search): Promise<Found[]> {
  const asked = text.toLowerCase()
  const [{ capabilities }, executions, sessions] = await Promise.all([
    queries.query(catalogueOf(client, tenantId)),
    client.executions({ limit: RECENT }),
    client.sessions({ limit: RECENT }),
  ])
  const like = (one: string) => one.toLowerCase().includes(asked)
  const types = capabilities.filter(({ type, title }) => like(type) || like(title))
  return [
    ...pasted(asked),
    ...take(
      types.filter(({ kind }) => kind === 'intent').map(({ type }) => found(`/?type=${type}`, type, 'Executions of')),
    ),
    ...take(types.map(({ type, title }) => found(`/capabilities/${type}`, title, 'Capability'))),
    ...take(
      executions.items
        .filter(({ execution_id }) => like(execution_id) && execution_id !== asked)
        .map(({ execution_id, intent_type, status }) =>
          found(`/executions/${execution_id}`, `${intent_type} ${execution_id}`, status),
        ),
    ),
    ...take(
      sessions.items
        .filter(({ session_id, user_id }) => session_id !== asked && (like(session_id) || like(user_id ?? '')))
        .map(({ session_id }) => found(`/sessions/${session_id}`, session_id, 'Session')),
    ),
  ]
}

const found = (to: string, label: string, kind: string): Found => ({ to, label, kind })
const take = (all: Found[]): Found[] => all.slice(0, OF_A_KIND_MAX)

/** A whole id needs no list to be in. */
function pasted(text: string): Found[] {
  if (/^exe_[0-9a-z]{26}$/.test(text)) return [found(`/executions/${text}`, text, 'Execution')]
  if (/^ses_[0-9a-z]{26}$/.test(text)) return [found(`/sessions/${text}`, text, 'Session')]
  return []
}
