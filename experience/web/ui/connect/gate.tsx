// Instead of the pages, while it is not known who is there: signing in where people can, an API key otherwise.

import { BiplaneError } from '@biplane/client'
import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useEffect, useState } from 'react'

import { Problem } from '../show/problem.tsx'
import { Logo } from '../shell/logo.tsx'
import './gate.css'
import { dropApiKey, heldApiKey, holdApiKey, mayISignIn } from './who.ts'

/** Set while a browser is at the provider, so that one that comes back without being known is not sent there for ever. */
const SENT_KEY = 'biplane.sent-to-sign-in'

export function Gate({ error, onDone }: { error: Error; onDone: () => unknown }) {
  const isRefused = error instanceof BiplaneError && error.code === 'unauthenticated'
  return (
    <main className="gate">
      {isRefused ? (
        <Door wasRefused={heldApiKey() !== null} onDone={onDone} />
      ) : (
        <Problem error={error} retry={onDone} />
      )}
    </main>
  )
}

function Door({ wasRefused, onDone }: { wasRefused: boolean; onDone: () => unknown }) {
  const { data: canSignIn, isPending } = useQuery({
    queryKey: ['may-sign-in'],
    queryFn: mayISignIn,
    staleTime: Infinity,
  })
  const goesAtOnce = canSignIn === true && !wasRefused && sessionStorage.getItem(SENT_KEY) === null
  useEffect(() => {
    if (goesAtOnce) signIn()
  }, [goesAtOnce])
  if (isPending || goesAtOnce) return null
  return (
    <Paper className="gate-door" p="xl" withBorder>
      <Stack>
        <Logo size={40} />
        <Title order={1} size="h3">
          Who is there?
        </Title>
        {canSignIn === true && <Button onClick={signIn}>Sign in</Button>}
        <ApiKeyForm wasRefused={wasRefused} onDone={onDone} />
      </Stack>
    </Paper>
  )
}

function ApiKeyForm({ wasRefused, onDone }: { wasRefused: boolean; onDone: () => unknown }) {
  const [key, setKey] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    holdApiKey(key.trim())
    setKey('')
    onDone()
  }
  const refusal = 'This key does not hold. Check that it is whole, and not revoked.'
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <PasswordInput
          label="API key"
          description="It is kept for this tab alone, until that is closed."
          placeholder="bpk_…"
          autoComplete="off"
          error={wasRefused && key === '' ? refusal : undefined}
          value={key}
          onChange={({ currentTarget }) => setKey(currentTarget.value)}
          required
        />
        <Button type="submit" variant="default" disabled={key.trim() === ''}>
          Use this key
        </Button>
        <Text size="sm" c="dimmed">
          Whoever runs this gateway makes one with <code>biplane keys create</code>.
        </Text>
      </Stack>
    </form>
  )
}

function signIn(): void {
  sessionStorage.setItem(SENT_KEY, 'yes')
  dropApiKey()
  location.assign(`/auth/sign-in?return_to=${encodeURIComponent(location.pathname + location.search)}`)
}
