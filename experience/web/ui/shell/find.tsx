// One box that goes anywhere: the places of the app, and what the app itself finds.

import { Loader, Modal, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'

import { useBiplane } from '../connect/biplane.tsx'
import type { App, Found } from './app.ts'
import './find.css'
import { FoundList, idOfFound } from './found-list.tsx'

const TYPED_MS = 150
const TEXT_MIN_CHARS = 2

export interface FindProps {
  app: App
  isOpen: boolean
  onClose: () => void
  go: (to: string) => void
}

export const Find = ({ isOpen, onClose, ...rest }: FindProps) => (
  <Modal.Root opened={isOpen} onClose={onClose} size="lg" yOffset="12vh">
    <Modal.Overlay backgroundOpacity={0.4} blur={2} />
    <Modal.Content aria-label="Find" radius="lg">
      <FindBox {...rest} onClose={onClose} />
    </Modal.Content>
  </Modal.Root>
)

function FindBox({ app, onClose, go }: Omit<FindProps, 'isOpen'>) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const { found, isLooking } = useFound(app, text.trim())
  const chosen = Math.min(at, found.length - 1)
  const open = ({ to }: Found) => {
    onClose()
    go(to)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const one = found[chosen]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) setAt((chosen + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter' && one !== undefined) open(one)
    else return
    event.preventDefault()
  }
  return (
    <>
      <TextInput
        className="find-text"
        data-autofocus
        size="lg"
        variant="unstyled"
        role="combobox"
        aria-label={`Find ${app.finds}`}
        aria-expanded={found.length > 0}
        aria-controls="find-list"
        aria-activedescendant={found.length === 0 ? undefined : idOfFound(chosen)}
        placeholder={`Find ${app.finds} …`}
        leftSection={<IconSearch size={20} aria-hidden />}
        rightSection={isLooking ? <Loader size="xs" /> : null}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <FoundList found={found} chosen={chosen} onChoose={setAt} onOpen={open} />
      {found.length === 0 && (
        <Text p="md" c="dimmed" size="sm" role="status">
          {isLooking ? 'Looking …' : `Nothing here is called “${text}”. Try fewer letters.`}
        </Text>
      )}
    </>
  )
}

function useFound(app: App, text: string): { found: Found[]; isLooking: boolean } {
  const { client, tenantId } = useBiplane()
  const queries = useQueryClient()
  const [asked] = useDebouncedValue(text, TYPED_MS)
  const isAsked = asked.length >= TEXT_MIN_CHARS
  const { data = [], isFetching } = useQuery({
    queryKey: ['find', tenantId, asked],
    queryFn: () => app.find({ text: asked, client, tenantId, queries }),
    enabled: isAsked,
    placeholderData: keepPreviousData,
  })
  return { found: [...placesLike(app, text), ...(isAsked ? data : [])], isLooking: isFetching || text !== asked }
}

const placesLike = ({ places }: App, text: string): Found[] =>
  places
    .filter(({ label }) => label.toLowerCase().includes(text.toLowerCase()))
    .map(({ to, label }) => ({ to, label, kind: 'Page' }))
