import { Alert } from '@mantine/core'

import { plural } from '../data/words.ts'
import { FILES_MAX } from '../work/dropped-files.ts'

/** `count`: files of the last drop that were not sent. */
export const LeftOut = ({ count }: { count: number }) =>
  count === 0 ? null : (
    <Alert mt="md" color="orange" role="status" title={`${plural(count, 'file')} left out`}>
      At most {FILES_MAX} are taken at once. Drop the others when these are over.
    </Alert>
  )
