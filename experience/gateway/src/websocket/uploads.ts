// Files on their way through one socket into the runtime. Their bytes come in binary frames, each headed by the id of its upload,
// so that several may come at once; they go on at the runtime's pace, and while too many wait the socket is not read.

import { type ArtifactRef, ProblemError } from '@biplane/protocol'
import type * as z from 'zod'

import { given } from '../kit/given.ts'
import { IncomingUpload } from './incoming-upload.ts'
import type { Line } from './line.ts'
import type { Upload } from './messages.ts'

type Message = z.output<typeof Upload>

/** Uploads that failed while their sender may still be sending; what comes of them is thrown away without a word. */
const FAILED_REMEMBERED_MAX = 100

export class Uploads {
  readonly #line: Line
  readonly #open = new Map<string, IncomingUpload>()
  readonly #failed = new Set<string>()
  readonly #full = new Set<IncomingUpload>()

  constructor(line: Line) {
    this.#line = line
  }

  /** @throws ProblemError rate_limited or upload_invalid */
  begin(message: Message): void {
    const { id, size } = message
    const { limits, outbox } = this.#line
    refuseOneTooMany(this.#open, id, limits.uploadsMax)
    const upload = new IncomingUpload(size, limits)
    this.#failed.delete(id)
    this.#open.set(id, upload)
    upload.bytes.on('drain', () => this.#letGo(upload))
    store(this.#line, message, upload).then(
      (artifact) => {
        this.#close(id, upload)
        outbox.post({ type: 'stored', id, artifact })
      },
      (error: unknown) => this.#failWith(id, upload, error),
    )
  }

  /** A frame: one byte that says how long the id is, the id, and what the file goes on with. @throws ProblemError upload_invalid */
  frame(frame: Buffer): void {
    const from = 1 + (frame[0] ?? 0)
    const upload = this.#find(frame.subarray(1, from).toString('latin1'))
    if (upload !== null && !upload.take(frame.subarray(from))) this.#hold(upload)
  }

  /** @throws ProblemError upload_invalid */
  finish(id: string): void {
    this.#find(id)?.finish()
    this.#failed.delete(id)
  }

  /** @throws ProblemError upload_invalid */
  cancel(id: string): void {
    this.#find(id)?.breakOff('It was given up.')
    this.#failed.delete(id)
  }

  count(): number {
    return this.#open.size
  }

  /** Breaks off what is under way. */
  end(): void {
    for (const upload of this.#open.values()) upload.breakOff('The socket was closed.')
  }

  /** Null for one that has failed. */
  #find(id: string): IncomingUpload | null {
    const upload = this.#open.get(id)
    if (upload !== undefined) return upload
    if (this.#failed.has(id)) return null
    throw new ProblemError('upload_invalid', `No upload "${id}" was begun on this socket.`)
  }

  #hold(upload: IncomingUpload): void {
    this.#full.add(upload)
    this.#line.socket.pause()
  }

  /** Reads on when nothing is full any more. */
  #letGo(upload: IncomingUpload): void {
    if (this.#full.delete(upload) && this.#full.size === 0) this.#line.socket.resume()
  }

  #close(id: string, upload: IncomingUpload): void {
    this.#open.delete(id)
    upload.bytes.destroy()
    this.#letGo(upload)
  }

  #failWith(id: string, upload: IncomingUpload, error: unknown): void {
    const wasCancelled = upload.bytes.errored
    this.#close(id, upload)
    const [oldest] = this.#failed
    if (oldest !== undefined && this.#failed.size >= FAILED_REMEMBERED_MAX) this.#failed.delete(oldest)
    this.#failed.add(id)
    this.#line.fail(wasCancelled ?? error, { id })
  }
}

function refuseOneTooMany(open: ReadonlyMap<string, unknown>, id: string, max: number): void {
  if (open.has(id)) throw new ProblemError('upload_invalid', `The upload "${id}" is under way already.`)
  if (open.size < max) return
  throw new ProblemError('rate_limited', `One socket takes at most ${max} uploads at once.`)
}

/** Resolves when it is durable; if it breaks off, nothing is kept. */
async function store({ kit, presence }: Line, message: Message, { bytes }: IncomingUpload): Promise<ArtifactRef> {
  const { tenant_id, name, media_type: mediaType } = message
  const client = kit.clientOf(await presence.callerOf(tenant_id))
  const { artifact_id, media_type, size } = await client.putArtifact(bytes, given({ mediaType }))
  return { artifact_id, media_type, size, ...given({ name }) }
}
