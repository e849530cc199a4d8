// Who is here, for which tenant, and the way out.

import { Button, Menu, Popover, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconLogout } from '@tabler/icons-react'
import { type SubmitEvent, useState } from 'react'

import { useBiplane } from '../connect/biplane.tsx'
import { chooseTenant, dropApiKey, heldApiKey } from '../connect/who.ts'

export function Account() {
  const { who } = useBiplane()
  return who.tenant_id === null ? <TenantChoice /> : <Person />
}

/** On open loopback, where a tenant is whatever is named. */
function TenantChoice() {
  const { tenantId, again } = useBiplane()
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState(tenantId)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    chooseTenant(name.trim())
    setOpen(false)
    again()
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-end" width={280} shadow="md">
      <Popover.Target>
        <UnstyledButton className="shell-account" aria-label={`Tenant ${tenantId}`} onClick={() => setOpen(!isOpen)}>
          <span className="shell-tenant">{tenantId}</span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Tenant">
        <form onSubmit={submit}>
          <Stack gap="sm">
            <TextInput
              label="Tenant"
              description="Nobody signs in on this machine, so you say whose things you see."
              value={name}
              required
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Button type="submit" size="xs">
              Show this tenant
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function Person() {
  const { who, tenantId, again } = useBiplane()
  const name = who.name ?? who.subject ?? who.role
  const leave = () => {
    signOut()
      .then((url) => (url === null ? again() : location.assign(url)))
      .catch(reportError)
  }
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <UnstyledButton className="shell-account" aria-label={`${name}, of ${tenantId}`}>
          <span className="shell-tenant">{name}</span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="sm" px="sm" py="xs" c="dimmed">
          {tenantId}, {who.role}
        </Text>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={leave}>
          Leave
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Where the browser is to go then; null if it stays. */
async function signOut(): Promise<string | null> {
  if (heldApiKey() !== null) {
    dropApiKey()
    return null
  }
  const response = await fetch('/auth/sign-out', { method: 'POST', headers: { 'Biplane-Csrf': '1' } })
  if (!response.ok) throw new Error(`/auth/sign-out answered ${response.status}`)
  const { sign_out_url } = (await response.json()) as { sign_out_url: string | null }
  return sign_out_url ?? '/'
}
