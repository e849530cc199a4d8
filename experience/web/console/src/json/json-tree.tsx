// JSON as a tree that one opens where one wants to look: large things are closed, long lists come in parts, long texts are cut until asked.

import { ActionIcon, CopyButton, Tooltip, UnstyledButton } from '@mantine/core'
import { IconCheck, IconChevronRight, IconCopy } from '@tabler/icons-react'
import { useMemo, useState } from 'react'

import './json-tree.css'

/** What has at most so many values in all is open at first. */
const OPEN_VALUES_MAX = 40
const PART_ITEMS = 100
const TEXT_CHARS_MAX = 300
const DEPTH_COUNTED_MAX = 6

export interface JsonTreeProps {
  value: unknown
  /** What it is, for those who do not see where it stands. */
  name: string
}

export const JsonTree = ({ value, name }: JsonTreeProps) => (
  <div className="json">
    <CopyButton value={JSON.stringify(value, null, 2) ?? ''}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy as JSON'}>
          <ActionIcon
            className="json-copy"
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Copy: ${name}`}
            onClick={copy}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
    <div className="json-body">
      <Node value={value} isFirst />
    </div>
  </div>
)

interface NodeProps {
  value: unknown
  name?: string
  isFirst?: boolean
}

function Node({ value, name, isFirst = false }: NodeProps) {
  if (typeof value !== 'object' || value === null) {
    return (
      <div className="json-line">
        {name !== undefined && <Name name={name} />}
        <Leaf value={value} />
      </div>
    )
  }
  return <Branch value={value} name={name} isFirst={isFirst} />
}

const Name = ({ name }: { name: string }) => <span className="json-name">{name}:</span>

function Branch({ value, name, isFirst }: { value: object; name: string | undefined; isFirst: boolean }) {
  const entries = useMemo(() => Object.entries(value as Record<string, unknown>), [value])
  const [isOpen, setOpen] = useState(() => (isFirst ? entries.length <= OPEN_VALUES_MAX : isSmall(value)))
  const [shown, setShown] = useState(PART_ITEMS)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  if (entries.length === 0) {
    return (
      <div className="json-line">
        {name !== undefined && <Name name={name} />}
        <span className="json-quiet">{open + close}</span>
      </div>
    )
  }
  const size = `${entries.length} ${Array.isArray(value) ? 'item' : 'field'}${entries.length === 1 ? '' : 's'}`
  return (
    <div data-first={isFirst}>
      <UnstyledButton className="json-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <IconChevronRight className="json-sign" size={12} aria-hidden />
        {name !== undefined && <Name name={name} />}
        <span className="json-quiet">{isOpen ? open : `${open} ${size} ${close}`}</span>
      </UnstyledButton>
      {isOpen && (
        <div className="json-inside">
          {entries.slice(0, shown).map(([key, one]) => (
            <Node key={key} name={key} value={one} />
          ))}
          {entries.length > shown && (
            <UnstyledButton className="json-more" onClick={() => setShown(shown + PART_ITEMS)}>
              {Math.min(PART_ITEMS, entries.length - shown)} more of {entries.length}
            </UnstyledButton>
          )}
        </div>
      )}
    </div>
  )
}

function Leaf({ value }: { value: unknown }) {
  const [isWhole, setWhole] = useState(false)
  if (typeof value !== 'string') return <span className="json-other">{String(value)}</span>
  const isCut = !isWhole && value.length > TEXT_CHARS_MAX
  return (
    <span className="json-text">
      “{isCut ? value.slice(0, TEXT_CHARS_MAX) : value}”
      {isCut && (
        <UnstyledButton className="json-more" onClick={() => setWhole(true)}>
          … all {value.length} characters
        </UnstyledButton>
      )}
    </span>
  )
}

const isSmall = (value: object): boolean => countUpTo(value, OPEN_VALUES_MAX, DEPTH_COUNTED_MAX) <= OPEN_VALUES_MAX

/** Stops counting beyond `max`. */
function countUpTo(value: unknown, max: number, depth: number): number {
  if (typeof value !== 'object' || value === null) return 1
  if (depth === 0) return max + 1
  let count = 0
  for (const one of Object.values(value)) {
    count += 1 + countUpTo(one, max - count, depth - 1)
    if (count > max) break
  }
  return count
}
