// One capability: what it does, what it takes and gives, and a form to try it.

import type { Capability } from '@biplane/protocol'
import { Button, Text } from '@mantine/core'
import { IconActivity, IconPuzzleOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { CapabilityForm } from '../capability/capability-form.tsx'
import '../capability/capability.css'
import { catalogueOf } from '../capability/catalogue.ts'
import { limitInWords } from '../capability/limit-words.ts'
import { JsonTree } from '../json/json-tree.tsx'
import { Section } from '../show/section.tsx'

const route = getRouteApi('/capabilities/$type')

export function CapabilityPage() {
  const { type } = route.useParams()
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery(catalogueOf(client, tenantId))
  const capability = data?.capabilities.find((one) => one.type === type)
  if (capability !== undefined) return <Known key={type} capability={capability} />
  return (
    <Page title={type}>
      {error !== null && <Problem error={error} retry={refetch} />}
      {error === null && data === undefined && <Loading label="Loading the capability" />}
      {data !== undefined && (
        <Empty icon={<IconPuzzleOff size={28} />} title="The runtime cannot do that">
          No realm that runs now has {type}. See <Link to="/capabilities">what there is</Link>.
        </Empty>
      )}
    </Page>
  )
}

function Known({ capability }: { capability: Capability }) {
  const { kind, type, title, description, realm_version, undoable, limit, payload_schema, result_schema } = capability
  const ofType = (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconActivity size={15} aria-hidden />}
      renderRoot={(props) => <Link to="/" search={{ type }} {...props} />}
    >
      Its executions
    </Button>
  )
  return (
    <Page title={title} lead={<code>{type}</code>} actions={kind === 'intent' && ofType}>
      {description !== undefined && (
        <Text mb="md" maw="46rem">
          {description}
        </Text>
      )}
      <Text mb="lg" size="sm" c="dimmed">
        {kind === 'intent' ? 'An intent' : 'A query'} of version {realm_version}.
        {undoable && ' If it fails, it takes back what it did.'}
        {limit !== undefined && ` It is limited: ${limitInWords(limit)}`}
      </Text>
      <div className="capability-page">
        <Section title={kind === 'intent' ? 'Submit it' : 'Ask it'}>
          <div className="capability-form">
            <CapabilityForm capability={capability} />
          </div>
        </Section>
        <div>
          <Section title="What it takes">
            <div className="section-json">
              <JsonTree value={payload_schema} name="What it takes" />
            </div>
          </Section>
          <Section title="What it gives">
            <div className="section-json">
              <JsonTree value={result_schema} name="What it gives" />
            </div>
          </Section>
        </div>
      </div>
    </Page>
  )
}
