// Questions in SQL, over the product and the tables that it was made of.

import { Button, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { type Answer, type ContractColumn, askProduct } from '../data/product.ts'
import { plural } from '../data/words.ts'
import { WholeGrid } from '../grid/page-grid.tsx'
import './ask.css'
import { ColumnsList } from './columns-list.tsx'
import { insertion } from './insert.ts'

export interface AskProps {
  productId: string
  columns: readonly ContractColumn[]
  /** Names of the tables that it was made of. */
  tables: readonly string[]
}

const ROWS_MAX = 1_000

export function Ask({ productId, columns, tables }: AskProps) {
  const { client } = useBiplane()
  const box = useRef<HTMLTextAreaElement>(null)
  const [sql, setSql] = useState('SELECT * FROM data')
  const { mutate, data, error, isPending, submittedAt } = useMutation({
    mutationFn: (asked: string) => askProduct(client, productId, asked, ROWS_MAX),
  })
  const mayAsk = sql.trim() !== '' && !isPending
  const write = (name: string) => {
    if (box.current === null) return
    const { selectionStart, selectionEnd, value } = box.current
    box.current.setRangeText(insertion(value, selectionStart, name), selectionStart, selectionEnd, 'end')
    setSql(box.current.value)
    box.current.focus()
  }
  return (
    <>
      <div className="ask">
        <div>
          <Textarea
            ref={box}
            label="A question in SQL"
            description="One SELECT; Ctrl-Enter asks it."
            autosize
            minRows={5}
            maxRows={20}
            spellCheck={false}
            value={sql}
            onChange={({ currentTarget }) => setSql(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && mayAsk) mutate(sql)
            }}
          />
          <Button mt="sm" onClick={() => mutate(sql)} loading={isPending} disabled={!mayAsk}>
            Ask
          </Button>
        </div>
        <ColumnsList columns={columns} tables={tables} onPick={write} />
      </div>
      {error !== null && <Problem error={error} retry={() => mutate(sql)} />}
      {data !== undefined && <Answered key={submittedAt} answer={data} />}
    </>
  )
}

const Answered = ({ answer }: { answer: Answer }) => (
  <>
    <Text size="sm" c="dimmed" mb="xs" aria-live="polite">
      {answer.truncated ? 'The first ' : ''}
      {plural(answer.rows.length, 'row')}
      {answer.truncated && '. There are more: ask for a sum of them, or say which with WHERE.'}
    </Text>
    {answer.rows.length > 0 && <WholeGrid label="The answer" page={answer} />}
  </>
)
