// What went wrong, and what to do next.

import { BiplaneError } from '@biplane/client'
import { PROBLEMS, type ProblemCode } from '@biplane/protocol'
import { Alert, Button, Code, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'

export interface ProblemProps {
  error: Error
  /** Shows a button that tries again. */
  retry?: () => unknown
  /** More that a person can do, such as a link. */
  children?: ReactNode
}

export function Problem({ error, retry, children }: ProblemProps) {
  const { title, detail, advice, code, instance, errors = [] } = toldOf(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert" maw="46rem">
      <Stack gap="xs">
        {detail !== title && <Text size="sm">{detail}</Text>}
        {errors.length > 0 && (
          <List size="sm">
            {errors.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                <Code>{path}</Code> {message}
              </List.Item>
            ))}
          </List>
        )}
        <Text size="sm">{advice}</Text>
        {(retry !== undefined || children !== undefined) && (
          <Group gap="xs">
            {retry !== undefined && (
              <Button
                size="xs"
                color="red"
                variant="outline"
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={() => retry()}
              >
                Try again
              </Button>
            )}
            {children}
          </Group>
        )}
        <Text size="xs" className="problem-code">
          {code}
          {instance !== undefined && ` · ${instance}`}
        </Text>
      </Stack>
    </Alert>
  )
}

interface Told {
  title: string
  detail: string
  advice: string
  code: string
  instance?: string | undefined
  errors?: BiplaneError['errors']
}

function toldOf(error: Error): Told {
  if (!(error instanceof BiplaneError)) {
    const advice = 'This is a mistake of the page, not yours. Load it again; if it stays, tell whoever runs this.'
    return { title: 'The page broke', detail: error.message, advice, code: error.name }
  }
  const { code, detail, advice, instance, errors } = error
  const title = code in PROBLEMS ? PROBLEMS[code as ProblemCode][1] : detail
  return { title, detail, advice, code, instance, errors }
}
