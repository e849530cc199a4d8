// The two files of the guided first run, the same as those of `npm run demo`: made here, and the same every time. They are as untidy as
// files that people send: one in Latin-1 with semicolons and decimal commas, ragged rows and broken cells; the other with ids that
// occur twice.

const ORDERS = 1_200
const CUSTOMERS = 150
const REPEATED = [17, 42, 99]
const PRODUCTS = ['Käse', 'Brötchen', 'Müsli', 'Öl', 'Äpfel', 'Grüner Tee']
const CITIES = ['Köln', 'München', 'Düsseldorf', 'Nürnberg', 'Zürich']
const FIRST = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Ken', 'Radia', 'Tony']
const LAST = ['Becker', 'Fischer', 'Hoffmann', 'Krüger', 'Lange', 'Peters', 'Schulz', 'Vogel', 'Weiß', 'Zimmer']

export const makeDemoFiles = (): File[] => [
  new File([latin1(ordersText())], 'orders.csv', { type: 'text/csv' }),
  new File([customersText()], 'customers.csv', { type: 'text/csv' }),
]

/** Every character of it is one byte there. */
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (char) => char.charCodeAt(0))

function ordersText(): string {
  const next = chance(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  const lines = Array.from({ length: ORDERS }, (_, i) => {
    const amount = (next() * 400 + 1).toFixed(2).replace('.', ',')
    const date = `${pad(1 + Math.floor(next() * 28))}.${pad(1 + Math.floor(next() * 12))}.2025`
    return [10_000 + i, 1 + Math.floor(next() * CUSTOMERS), pick(PRODUCTS), amount, date, pick(CITIES)]
  })
  const broken = lines.map((cells, i) => breakRow(cells.map(String), i))
  return [['order_id', 'customer_id', 'product', 'amount', 'ordered_on', 'city'], ...broken]
    .map((cells) => `${cells.join(';')}\r\n`)
    .join('')
}

/** Some rows have too few or too many cells; some cells do not fit their column. */
function breakRow(cells: string[], index: number): string[] {
  if (index === 118) return cells.slice(0, 4)
  if (index === 645) return cells.slice(0, 2)
  if (index === 871) return [...cells, 'by phone', 'urgent']
  const replace = (at: number, text: string) => cells.map((cell, i) => (i === at ? text : cell))
  if (index === 57) return replace(3, 'twelve')
  if (index === 402) return replace(4, 'yesterday')
  if (index === 733) return replace(3, '19,-')
  if (index === 1_004) return replace(4, '31.02.2025')
  return cells
}

function customersText(): string {
  const next = chance(11)
  const pick = (list: readonly string[]): string => list[Math.floor(next() * list.length)] as string
  const row = (id: number): string => {
    const [first, last] = [pick(FIRST), pick(LAST)]
    const mail = `${first}.${last}${id}@example.com`.toLowerCase().replace('ü', 'ue').replace('ß', 'ss')
    return `${id},${first} ${last},${mail},${pick(['standard', 'premium'])}`
  }
  const ids = Array.from({ length: CUSTOMERS }, (_, i) => i + 1)
  return `customer_id,name,email,plan\n${[...ids, ...REPEATED].map((id) => `${row(id)}\n`).join('')}`
}

const pad = (value: number): string => String(value).padStart(2, '0')

/** The same numbers from the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
