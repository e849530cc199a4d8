import type { Session } from '@biplane/protocol'
import { Badge } from '@mantine/core'

const COLORS: Record<Session['status'], string> = { open: 'petrol', closing: 'yellow', closed: 'gray' }

export const SessionMark = ({ status }: { status: Session['status'] }) => (
  <Badge variant="light" color={COLORS[status]} miw="max-content">
    {status}
  </Badge>
)
