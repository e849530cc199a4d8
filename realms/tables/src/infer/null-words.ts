// Words that stand for "nothing here".

/** In every column: no language has these as words. */
export const NULL_MARKS = ['', 'null', '\\n', '#n/a', '<na>', '(null)', '#null!']

/** In columns of numbers, dates and the like also these; as text they may mean something (`NA` is Namibia, `None` a finding). */
export const NULL_WORDS = [
  ...NULL_MARKS,
  'na',
  'n/a',
  'nan',
  'none',
  'nil',
  '-',
  '--',
  '.',
  '?',
  'n.a.',
  'k.a.',
  'missing',
]

const WORDS = new Set(NULL_WORDS)

/** `text` is trimmed. */
export const isNullWord = (text: string): boolean => WORDS.has(text.toLowerCase())
