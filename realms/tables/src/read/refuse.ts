// What is no table is refused by its first bytes, with words for the person who sent it.

import { TerminalError } from '@biplane/realm'

const AS_CSV = 'Export the table as CSV and upload that.'
const UNPACK = 'Unpack it and upload the file inside.'
const NO_TABLE = 'Upload a table: CSV, TSV, a JSON array of objects, or one JSON object a line.'

/** First bytes, what they are the beginning of, and what to do. Bytes are written as Latin-1. */
const SIGNATURES: readonly (readonly [offset: number, bytes: string, is: string, advice: string])[] = [
  [0, '\xff\xd8\xff', 'a JPEG picture', NO_TABLE],
  [0, '\x89PNG', 'a PNG picture', NO_TABLE],
  [0, 'GIF8', 'a GIF picture', NO_TABLE],
  [0, 'II*\0', 'a TIFF picture', NO_TABLE],
  [0, 'MM\0*', 'a TIFF picture', NO_TABLE],
  [0, 'RIFF', 'a sound, film or picture', NO_TABLE],
  [0, 'ID3', 'a sound recording', NO_TABLE],
  [0, 'OggS', 'a sound recording', NO_TABLE],
  [4, 'ftyp', 'a film', NO_TABLE],
  [0, '%PDF-', 'a PDF document', AS_CSV],
  [0, '{\\rtf', 'an RTF document', AS_CSV],
  [0, '\xd0\xcf\x11\xe0', 'an old Office document', AS_CSV],
  [
    0,
    'PK\x03\x04',
    'a ZIP archive or an Office document',
    'If it is a workbook, export it as CSV; if an archive, unpack it.',
  ],
  [0, '\x1f\x8b', 'a gzip archive', UNPACK],
  [0, 'BZh', 'a bzip2 archive', UNPACK],
  [0, '7z\xbc\xaf', 'a 7-Zip archive', UNPACK],
  [0, 'Rar!', 'a RAR archive', UNPACK],
  [0, '\xfd7zXZ', 'an xz archive', UNPACK],
  [0, '\x28\xb5\x2f\xfd', 'a Zstandard archive', UNPACK],
  [0, 'PAR1', 'a Parquet file', AS_CSV],
  [0, 'ARROW1', 'an Arrow file', AS_CSV],
  [0, 'SQLite format 3\0', 'an SQLite database', AS_CSV],
  [0, '\x7fELF', 'a program', NO_TABLE],
  [0, 'MZ\x90', 'a program', NO_TABLE],
  [0, 'wOF', 'a font', NO_TABLE],
]

/** Text files are markup if they begin so, in any case. */
const MARKUP = /^\s*<(\?xml|!doctype|html|svg)\b/i

/** More control characters than this make a file binary; a few stray ones in a small text do not. */
const CONTROL_SHARE_MAX = 0.05
const CONTROL_COUNT_MIN = 8

/** @throws TerminalError content.not_a_table */
export function refuseBinary(sample: Buffer): void {
  const found = SIGNATURES.find(([offset, bytes]) => sample.toString('latin1', offset, offset + bytes.length) === bytes)
  if (found !== undefined) throw notATable(`The file is ${found[2]}.`, found[3])
  if (MARKUP.test(sample.toString('latin1', 0, 256)))
    throw notATable('The file is a page of markup (HTML or XML).', AS_CSV)
}

/** For text of one byte a character; UTF-16 is full of zero bytes. @throws TerminalError content.not_a_table */
export function refuseControlCharacters(sample: Buffer): void {
  let controls = 0
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 28) || byte === 127) controls++
  if (controls >= CONTROL_COUNT_MIN && controls > sample.length * CONTROL_SHARE_MAX) {
    throw notATable('The file is binary: it is full of bytes that no text has.', NO_TABLE)
  }
}

const notATable = (is: string, advice: string): TerminalError =>
  new TerminalError('content.not_a_table', `${is} ${advice}`)
