// How a mash ended, and where to go from there.

import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'

import type { Mashed } from '../data/product.ts'
import { plural } from '../data/words.ts'
import { failureOf } from '../run/failure.ts'
import { runInWords } from '../run/run-words.ts'
import type { Run } from '../run/run.ts'

export function End({ run }: { run: Run }) {
  const { status, result, error } = run.execution
  if (status === 'completed') return <Made made={result as unknown as Mashed} />
  if (status !== 'failed' && status !== 'cancelled') return null
  const told = error === null ? null : failureOf(error)
  return (
    <Alert mb="lg" color="red" icon={<IconAlertTriangle aria-hidden />} title={told?.message ?? runInWords(run)}>
      <Text size="sm" mb="sm">
        {told === null ? 'Nothing of it is left.' : `${runInWords(run)}. ${told.advice}`}
      </Text>
      <Button variant="default" renderRoot={(props) => <Link to="/mash" search={{}} {...props} />}>
        Begin another
      </Button>
    </Alert>
  )
}

function Made({ made }: { made: Mashed }) {
  const { contents, reconciled } = made.accounting
  const came = contents.reduce((sum, { rows }) => sum + rows.in, 0)
  return (
    <Alert mb="lg" icon={<IconCircleCheck aria-hidden />} title={`${made.name} is made`}>
      <Text size="sm" mb="sm">
        {plural(made.rows, 'row')} and {plural(made.columns.length, 'column')} of {plural(contents.length, 'table')}.{' '}
        {reconciled
          ? `Each of the ${plural(came, 'record')} that came in is accounted for.`
          : 'The numbers do not add up: tell whoever runs this.'}
      </Text>
      <Button
        renderRoot={(props) => <Link to="/products/$productId" params={{ productId: made.product_id }} {...props} />}
      >
        Open it
      </Button>
    </Alert>
  )
}
