// Where there is nothing yet: why, and what to do first.

import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

import './empty.css'

export interface EmptyProps {
  /** A large quiet icon of @tabler/icons-react, `<IconTable size={32} />`. */
  icon?: ReactNode
  title: string
  /** One or two sentences. */
  children?: ReactNode
  /** The next step: a button or a link. */
  action?: ReactNode
}

export const Empty = ({ icon, title, children, action }: EmptyProps) => (
  <Stack className="empty" align="center" gap="xs">
    <span className="empty-icon" aria-hidden>
      {icon}
    </span>
    <Title order={2} size="h4">
      {title}
    </Title>
    <Text c="dimmed" size="sm" maw="32rem" ta="center">
      {children}
    </Text>
    {action}
  </Stack>
)
