// What is under way and was not asked for in this tab: of other tabs, other people, programs.

import { Title } from '@mantine/core'
import type { ExecutionSummary } from '@biplane/protocol'
import { isFinal } from '@biplane/protocol'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Ago } from '../../../ui/show/ago.tsx'
import { StatusMark } from '../../../ui/show/status-mark.tsx'

const ASK_EVERY_MS = 5_000
const LOOKED_AT_MAX = 50
const SHOWN_MAX = 8
const NAMES: Partial<Record<string, string>> = { 'content.upload': 'An upload', 'data_mash.create': 'A mash' }

export function OthersWork({ mine }: { mine: readonly string[] }) {
  const { client, tenantId } = useBiplane()
  const { data = [] } = useQuery({
    queryKey: ['under-way', tenantId],
    queryFn: async ({ signal }) => {
      // One that waits for a decision may have begun long ago.
      const waiting = { intentType: 'data_mash.create', status: 'waiting', limit: SHOWN_MAX, signal } as const
      const pages = await Promise.all([client.executions({ limit: LOOKED_AT_MAX, signal }), client.executions(waiting)])
      return unique(pages.flatMap(({ items }) => items)).filter(isShown)
    },
    refetchInterval: ASK_EVERY_MS,
  })
  const others = data.filter(({ intent_id }) => !mine.includes(intent_id)).slice(0, SHOWN_MAX)
  if (others.length === 0) return null
  return (
    <section className="under-way" aria-labelledby="others-work">
      <Title order={2} size="h5" id="others-work">
        Elsewhere
      </Title>
      <ul className="works">
        {others.map((one) => (
          <li key={one.execution_id} className="work">
            <div className="work-line">
              <span className="work-name">
                {one.intent_type === 'data_mash.create' ? (
                  <Link to="/mashes/$executionId" params={{ executionId: one.execution_id }}>
                    {NAMES[one.intent_type]}
                  </Link>
                ) : (
                  NAMES[one.intent_type]
                )}
              </span>
              <span className="work-words">
                begun <Ago time={one.created_at} />
              </span>
              <StatusMark status={one.status} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

const isShown = ({ intent_type, status }: ExecutionSummary): boolean =>
  NAMES[intent_type] !== undefined && !isFinal(status)

const unique = (items: readonly ExecutionSummary[]): ExecutionSummary[] =>
  items.filter((item, at) => items.findIndex(({ execution_id }) => execution_id === item.execution_id) === at)
