// The parts of a page, each at an address of its own.

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import './tabs.css'

export type TabName = 'rows' | 'profile' | 'rejected' | 'ask' | 'accounting' | 'lineage' | 'quality'

export interface Tab {
  name: TabName
  label: string
  to: string
}

export const Tabs = ({ tabs, now, children }: { tabs: readonly Tab[]; now: string; children: ReactNode }) => (
  <>
    <nav className="tabs" aria-label="Parts of this page">
      {tabs.map(({ name, label, to }) => (
        <Link key={name} to={to} search={{ tab: name }} aria-current={name === now ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
    {children}
  </>
)
