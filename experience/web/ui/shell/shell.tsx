// What is around every page: where one is, where one can go, who one is, and whether all of it is live.

import { ActionIcon, Kbd, Menu, UnstyledButton } from '@mantine/core'
import { IconKeyboard, IconMenu2, IconSearch } from '@tabler/icons-react'
import { Outlet } from '@tanstack/react-router'
import { Suspense, lazy, useMemo, useState } from 'react'

import { Account } from './account.tsx'
import type { App } from './app.ts'
import type { Dialog } from './dialogs.tsx'
import { useKeys } from './keys.ts'
import { Logo } from './logo.tsx'
import { NavLink, useGo } from './nav-link.tsx'
import { SchemeToggle } from './scheme-toggle.tsx'
import './shell.css'
import { StatusLine } from './status-line.tsx'

// Dialogs come when one is first wanted.
const Dialogs = lazy(() => import('./dialogs.tsx'))

export function Shell({ app }: { app: App }) {
  const go = useGo()
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const actions = useMemo(
    () => ({
      find: () => setDialog('find'),
      shortcuts: () => setDialog('keys'),
      go,
    }),
    [go],
  )
  useKeys(app.places, actions)
  return (
    <div className="shell">
      <a className="shell-skip" href="#content">
        Skip to the content
      </a>
      <header className="shell-bar">
        <NavLink className="shell-brand" to="/" aria-label={`Biplane ${app.name}`}>
          <Logo />
          <span className="shell-name">
            Biplane <strong>{app.name}</strong>
          </span>
        </NavLink>
        <nav className="shell-nav" aria-label="Pages">
          {app.places.map(({ to, label, icon: Icon }) => (
            <NavLink key={to} className="shell-link" to={to} activeOptions={{ exact: to === '/' }}>
              <Icon size={17} stroke={1.7} aria-hidden />
              {label}
            </NavLink>
          ))}
        </nav>
        <UnstyledButton className="shell-find" aria-label="Find" onClick={actions.find}>
          <IconSearch size={16} aria-hidden />
          <span className="shell-find-text">Find</span>
          <Kbd size="xs" aria-hidden>
            /
          </Kbd>
        </UnstyledButton>
        <SchemeToggle />
        <Account />
        <SmallMenu app={app} go={actions.go} />
      </header>
      <main className="shell-main" id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <StatusLine>
        <UnstyledButton className="shell-keys" onClick={actions.shortcuts}>
          <IconKeyboard size={15} aria-hidden /> Keys
        </UnstyledButton>
      </StatusLine>
      {dialog !== null && (
        <Suspense>
          <Dialogs app={app} open={dialog} onClose={() => setDialog('none')} go={go} />
        </Suspense>
      )}
    </div>
  )
}

/** Where the bar is too narrow for the pages. */
const SmallMenu = ({ app, go }: { app: App; go: (to: string) => void }) => (
  <Menu position="bottom-end" shadow="md" width={220}>
    <Menu.Target>
      <ActionIcon className="shell-menu shell-quiet" variant="subtle" color="gray" size="lg" aria-label="Pages">
        <IconMenu2 size={20} />
      </ActionIcon>
    </Menu.Target>
    <Menu.Dropdown>
      {app.places.map(({ to, label, icon: Icon }) => (
        <Menu.Item key={to} leftSection={<Icon size={17} aria-hidden />} onClick={() => go(to)}>
          {label}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  </Menu>
)
