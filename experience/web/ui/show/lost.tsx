// Instead of a page: there is none at this address, or it broke.

import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'

import { NavLink } from '../shell/nav-link.tsx'
import { Empty } from './empty.tsx'
import { Page } from './page.tsx'
import { Problem } from './problem.tsx'

export const NotFound = () => (
  <Page title="There is no page here" width="reading">
    <Empty
      icon={<IconMapQuestion size={28} />}
      title="This address leads nowhere"
      action={
        <Button component={NavLink} to="/" variant="light">
          Go to the start
        </Button>
      }
    >
      The link may be of an older version, or not whole.
    </Empty>
  </Page>
)

export function PageBroke({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    router.invalidate().catch(reportError)
  }
  return (
    <Page title="This page cannot be shown" width="reading">
      <Problem error={error instanceof Error ? error : new Error(String(error))} retry={retry} />
    </Page>
  )
}
