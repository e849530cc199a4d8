// The frame of every page: its title, what can be done here, and its content. Sets the title of the tab, too.

import { Group, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

import './page.css'

export interface PageProps {
  title: string
  /** One line under the title. */
  lead?: ReactNode
  /** Buttons, at the right of the title. */
  actions?: ReactNode
  /** `reading`: text and forms. `wide` (default): lists. `full`: grids and timelines, edge to edge. */
  width?: 'reading' | 'wide' | 'full'
  children: ReactNode
}

export function Page({ title, lead, actions, width = 'wide', children }: PageProps) {
  useEffect(() => {
    const app = document.title.split(' · ').at(-1) ?? ''
    document.title = `${title} · ${app}`
  }, [title])
  return (
    <div className={`page page-${width}`}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="lg">
        <div className="page-head">
          <Title order={1} size="h2" className="page-title">
            {title}
          </Title>
          {lead !== undefined && <Text c="dimmed">{lead}</Text>}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  )
}
