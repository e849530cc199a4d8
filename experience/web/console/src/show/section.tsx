// A part of a page that has a heading of its own.

import { Title } from '@mantine/core'
import type { ReactNode } from 'react'

import './section.css'

export interface SectionProps {
  title: string
  /** At the right of the title. */
  aside?: ReactNode
  children: ReactNode
}

export const Section = ({ title, aside, children }: SectionProps) => (
  <section className="section" aria-label={title}>
    <div className="section-head">
      <Title order={2} size="h5">
        {title}
      </Title>
      {aside}
    </div>
    <div className="panel">{children}</div>
  </section>
)
