// An id that one takes along.

import { ActionIcon, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

export const CopyId = ({ id }: { id: string }) => (
  <Group component="span" gap={4} wrap="nowrap" display="inline-flex">
    <span className="mono" style={{ overflowWrap: 'anywhere' }}>
      {id}
    </span>
    <CopyButton value={id}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label="Copy the id" onClick={copy}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  </Group>
)
