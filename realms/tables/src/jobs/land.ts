// Lands a file: finds out what it is, splits it, and writes every cell as text. Splitting is ours, so that every record can
// be accounted for; DuckDB reads what the splitter wrote, and the two counts must agree.

import { createReadStream, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

import { TerminalError } from '@biplane/realm'

import { nameColumns } from '../read/column-names.ts'
import { refuseColumns } from '../read/columns-max.ts'
import { detectEncoding, openDecoder, toAscii, type Encoding } from '../read/encoding.ts'
import { Intermediate, type Tally } from '../read/intermediate.ts'
import { detectJson, type JsonFormat } from '../read/json-format.ts'
import { ShapeFinder } from '../read/json-shape.ts'
import { DelimitedLanding } from '../read/land-delimited.ts'
import { JsonLanding } from '../read/land-json.ts'
import { refuseBinary, refuseControlCharacters } from '../read/refuse.ts'
import { sniffLayout } from '../read/sniff.ts'
import { DelimitedSplitter } from '../read/split-delimited.ts'
import { JsonSplitter, type JsonSink } from '../read/split-json.ts'
import type { JobContext, Landed, LandJob } from './job.ts'
import { landingWarnings } from './land-warnings.ts'
import { writeLanded } from './write-landed.ts'

/** How much of a file is looked at to find out how it is written. */
const SAMPLE_BYTES = 512 * 1024
const CHUNK_BYTES = 256 * 1024

interface Source {
  path: string
  size: number
  encoding: Encoding
  /** The beginning as it will be split. */
  sample: Buffer
  whole: boolean
}

/** What reading a file came to, before it is Parquet. */
interface Reading {
  format: Landed['format']
  dialect: Landed['dialect']
  delimiter: string
  labels: string[]
  tally: Tally
  blankLines: number
}

export async function land(job: LandJob, context: JobContext): Promise<Landed> {
  const source = await openSource(job)
  const rows = join(job.scratch, 'rows.csv')
  const rejects = join(job.scratch, 'rejects.ndjson')
  const reading = await read(source, job, context, rows, rejects)
  const columns = nameColumns(reading.labels)
  const files = await writeLanded(job.scratch, { rows, rejects }, columns, reading, context.signal)
  const { tally } = reading
  return {
    format: reading.format,
    encoding: encodingName(source.encoding, tally),
    dialect: reading.dialect,
    columns,
    rows: { in: tally.in, landed: tally.landed, rejected: tally.rejected },
    reasons: tally.reasons,
    blankLines: reading.blankLines,
    nul: tally.nul,
    warnings: landingWarnings(tally, reading.dialect?.quote === '' && job.wishes.quote === undefined),
    ...files,
  }
}

async function openSource({ source: path, wishes }: LandJob): Promise<Source> {
  const { size } = statSync(path)
  const head = await firstBytes(path, Math.min(size, SAMPLE_BYTES))
  refuseBinary(head)
  const encoding = detectEncoding(head, wishes.encoding)
  if (encoding.label === null) refuseControlCharacters(head)
  const bytes = head.subarray(encoding.skip)
  const sample =
    encoding.label === null ? bytes : Buffer.from(openDecoder(encoding.label).decode(bytes, { stream: true }))
  const whole = size <= SAMPLE_BYTES
  if (whole && sample.toString('latin1').trim() === '') throw empty()
  return { path, size, encoding, sample, whole }
}

async function firstBytes(path: string, length: number): Promise<Buffer> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
  return buffer.subarray(0, bytesRead)
}

async function read(
  source: Source,
  job: LandJob,
  context: JobContext,
  rows: string,
  rejects: string,
): Promise<Reading> {
  using out = new Intermediate(rows, rejects)
  const json = detectJson(source.sample)
  const reading =
    json === null ? await readDelimited(source, job, context, out) : await readJson(source, json, context, out)
  out.flush()
  if (reading.tally.in === 0 && reading.labels.every((label) => label === '')) throw empty()
  return reading
}

async function readDelimited(source: Source, job: LandJob, context: JobContext, out: Intermediate): Promise<Reading> {
  const hint = separatorHint(source.sample)
  const sample = source.sample.subarray(hint?.bytes ?? 0)
  const layout = sniffLayout(sample, source.whole, {
    ...job.wishes,
    delimiter: job.wishes.delimiter ?? hint?.delimiter,
  })
  refuseColumns(layout.labels.length)
  const landing = new DelimitedLanding(layout, out, source.encoding.label !== null)
  const splitter = new DelimitedSplitter(layout.dialect, layout.width, landing)
  await feed(source, context, splitter, { skip: hint?.bytes ?? 0, says: 'Reading' })
  const { delimiter, quote } = layout.dialect
  return {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    dialect: { delimiter, quote, header: layout.headerLine > 0 },
    delimiter,
    labels: layout.labels,
    tally: out.tally,
    blankLines: splitter.blank,
  }
}

/** Spreadsheets write `sep=;` as a first line that is no record. */
function separatorHint(sample: Buffer): { delimiter: string; bytes: number } | null {
  const match = /^"?sep=(.)"?(\r\n|\n|\r)/i.exec(sample.toString('latin1', 0, 20))
  return match === null ? null : { delimiter: match[1]!, bytes: match[0].length }
}

/** Reads twice: first to learn which columns there are, since any record may bring a new one. */
async function readJson(source: Source, format: JsonFormat, context: JobContext, out: Intermediate): Promise<Reading> {
  const finder = new ShapeFinder()
  const split = (sink: JsonSink, says: string) =>
    feed(source, context, new JsonSplitter(format, sink), { skip: 0, says })
  await split(finder, 'Looking for columns')
  const { shape } = finder
  await split(new JsonLanding(shape, out), 'Reading')
  return {
    format: format.kind === 'lines' ? 'ndjson' : 'json',
    dialect: null,
    delimiter: ',',
    labels: shape.columns,
    tally: out.tally,
    blankLines: 0,
  }
}

/** Streams a file through a splitter. `skip`: bytes of the decoded text to leave out at the start. */
async function feed(
  source: Source,
  { signal, progress }: JobContext,
  splitter: { feed(chunk: Buffer, last: boolean): void },
  { skip, says }: { skip: number; says: string },
): Promise<void> {
  const stream = createReadStream(source.path, { highWaterMark: CHUNK_BYTES, signal })
  let left = skip
  for await (const chunk of toAscii(stream as AsyncIterable<Buffer>, source.encoding)) {
    const rest = chunk.subarray(Math.min(left, chunk.length))
    left -= chunk.length - rest.length
    splitter.feed(rest, false)
    progress({ message: says, done: stream.bytesRead, total: source.size, unit: 'bytes' })
  }
  splitter.feed(Buffer.alloc(0), true)
}

function encodingName({ label }: Encoding, { utf8, windows1252 }: Tally): string {
  if (label !== null) return label
  return windows1252 === 0 ? 'utf-8' : utf8 === 0 ? 'windows-1252' : 'mixed'
}

const empty = (): TerminalError =>
  new TerminalError('content.empty', 'The file is empty. Upload one that has at least a header.')
