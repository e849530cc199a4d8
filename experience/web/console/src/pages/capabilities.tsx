// What the runtime can do: the intents and queries of its realms.

import type { Capability } from '@biplane/protocol'
import { Badge, TextInput } from '@mantine/core'
import { IconPuzzle, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import '../capability/capability.css'
import { catalogueOf } from '../capability/catalogue.ts'
import { Section } from '../show/section.tsx'

export function Capabilities() {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery(catalogueOf(client, tenantId))
  const [text, setText] = useState('')
  const like = ({ type, title }: Capability) => `${type} ${title}`.toLowerCase().includes(text.trim().toLowerCase())
  const found = (data?.capabilities ?? []).filter(like)
  const realms = Map.groupBy(found, ({ realm }) => realm)
  const search = (
    <TextInput
      size="xs"
      w={220}
      aria-label="Narrow the list"
      placeholder="A word of its name"
      leftSection={<IconSearch size={14} aria-hidden />}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
    />
  )
  return (
    <Page title="Capabilities" lead="What the realms of this runtime can do, and a form to try each." actions={search}>
      {error !== null && data === undefined && <Problem error={error} retry={refetch} />}
      {data === undefined && error === null && <Loading label="Loading the catalogue" />}
      {data !== undefined && found.length === 0 && (
        <Empty
          icon={<IconPuzzle size={28} />}
          title={text === '' ? 'The runtime has no realms' : 'None is called that'}
        >
          {text === '' ? 'Name some in runtime.config.ts, and start it again.' : 'Try fewer letters.'}
        </Empty>
      )}
      {[...realms].map(([realm, capabilities]) => (
        <Section
          key={realm}
          title={realm}
          aside={<span className="capability-version">version {capabilities[0]?.realm_version}</span>}
        >
          <ul className="capability-list">
            {capabilities.map((capability) => (
              <One key={capability.type} capability={capability} />
            ))}
          </ul>
        </Section>
      ))}
    </Page>
  )
}

const One = ({ capability: { kind, type, title, description, undoable, limit } }: { capability: Capability }) => (
  <li className="capability-one">
    <Link className="capability-title" to="/capabilities/$type" params={{ type }}>
      {title}
    </Link>
    <span className="capability-marks">
      <Badge variant="light" color={kind === 'intent' ? 'petrol' : 'gray'}>
        {kind}
      </Badge>
      {undoable && (
        <Badge variant="outline" color="gray">
          undoes itself
        </Badge>
      )}
      {limit !== undefined && (
        <Badge variant="outline" color="gray">
          limited
        </Badge>
      )}
    </span>
    <code className="capability-type">{type}</code>
    {description !== undefined && <span className="capability-about">{description}</span>}
  </li>
)
