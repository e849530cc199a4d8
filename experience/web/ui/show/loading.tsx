// Grey lines in the shape of what is coming. They show after a moment: what is there at once does not flicker.

import { Skeleton, Stack, VisuallyHidden } from '@mantine/core'

import './loading.css'

const WIDTHS = ['92%', '78%', '86%', '64%', '80%', '71%']

export interface LoadingProps {
  /** For those who do not see it: `Loading the executions`. */
  label?: string
  /** How many lines. */
  lines?: number
  /** Of each, in pixels. */
  height?: number
}

export const Loading = ({ label = 'Loading', lines = 5, height = 18 }: LoadingProps) => (
  <Stack className="loading" gap="md" role="status" p="md">
    <VisuallyHidden>{label} …</VisuallyHidden>
    {Array.from({ length: lines }, (_, line) => (
      <Skeleton key={line} height={height} width={WIDTHS[line % WIDTHS.length] ?? '80%'} radius="sm" />
    ))}
  </Stack>
)
