// A form for a capability, made of its schema; or its payload as JSON. What comes of it is shown below.

import type { Capability } from '@biplane/protocol'
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { Problem } from '../../../ui/show/problem.tsx'
import { durationInWords } from '../../../ui/time/in-words.ts'
import { JsonTree } from '../json/json-tree.tsx'
import { Section } from '../show/section.tsx'
import { PayloadFields, usePayload } from './payload-fields.tsx'
import { type Sent, send } from './send.ts'

export function CapabilityForm({ capability }: { capability: Capability }) {
  const { client } = useBiplane()
  const { kind } = capability
  const payload = usePayload(capability)
  const [sessionId, setSessionId] = useState('')
  const [key, setKey] = useState(() => crypto.randomUUID())
  const may = useMay(kind === 'intent' ? 'intent:submit' : 'event:read')
  const { mutate, isPending, error, data } = useMutation({
    mutationFn: () => send(client, { capability, payload: payload.read(), sessionId, key }),
    // The same again is meant to be done again.
    onSuccess: () => setKey(crypto.randomUUID()),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    mutate()
  }
  return (
    <>
      <form onSubmit={submit}>
        <Stack>
          <PayloadFields payload={payload} example={capability.example} error={error} />
          {kind === 'intent' && (
            <TextInput
              label="Session"
              description="Where it stands. Left empty, one is made for it."
              placeholder="ses_…"
              value={sessionId}
              onChange={({ currentTarget }) => setSessionId(currentTarget.value)}
            />
          )}
          <Group>
            <Button type="submit" loading={isPending} disabled={!may || !payload.isWhole}>
              {kind === 'intent' ? 'Submit' : 'Ask'}
            </Button>
            {!may && <span className="form-about">Your role may look and not submit: this needs intent:submit.</span>}
          </Group>
        </Stack>
      </form>
      <div className="form-outcome" aria-live="polite">
        {error !== null && <Problem error={error} />}
        {error === null && data !== undefined && <Outcome sent={data} />}
      </div>
    </>
  )
}

function Outcome({ sent }: { sent: Sent }) {
  if (sent.kind === 'intent') {
    return (
      <Alert color="petrol" title="It is accepted, and will be done" role="status">
        <Link className="mono" to="/executions/$id" params={{ id: sent.executionId }}>
          {sent.executionId}
        </Link>
      </Alert>
    )
  }
  return (
    <Section title="Answer" aside={<span className="form-about">in {durationInWords(sent.tookMs)}</span>}>
      <div className="section-json">
        <JsonTree value={sent.answer} name="Answer" />
      </div>
    </Section>
  )
}
