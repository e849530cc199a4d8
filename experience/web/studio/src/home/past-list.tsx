// A list of what is there, newest first, and more of it when it is wanted.

import { Button, Text } from '@mantine/core'
import type { ReactNode } from 'react'

import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import './past-list.css'

export interface PastListProps<T> {
  /** What `useInfiniteQuery` answers. */
  query: {
    error: Error | null
    refetch: () => unknown
    hasNextPage: boolean
    fetchNextPage: () => unknown
    isFetchingNextPage: boolean
  }
  /** Undefined while nothing has come. */
  items: readonly T[] | undefined
  /** Of the list, for those who do not see it. */
  label: string
  empty: ReactNode
  children: (item: T) => ReactNode
}

export function PastList<T>({ query, items, label, empty, children }: PastListProps<T>) {
  const { error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query
  return (
    <>
      {error !== null && <Problem error={error} retry={refetch} />}
      {items === undefined && error === null && <Loading label={`Loading ${label}`} />}
      {items?.length === 0 && !hasNextPage && empty}
      {items !== undefined && items.length > 0 && (
        <ul className="past" aria-label={label}>
          {items.map(children)}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" mt="sm" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          More
        </Button>
      )}
    </>
  )
}

export const PastRow = ({
  mark,
  name,
  about,
  when,
}: {
  mark?: ReactNode
  name: ReactNode
  about: ReactNode
  when: ReactNode
}) => (
  <li className="past-one">
    {mark}
    <span className="past-name">{name}</span>
    <Text span size="sm" c="dimmed" className="past-about">
      {about}
    </Text>
    <Text span size="sm" c="dimmed" className="past-when">
      {when}
    </Text>
  </li>
)
