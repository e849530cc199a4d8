// A file's bytes on their way to the gateway, by tus 1.0 (docs/rest.md): what was received stays received, so an upload goes on after
// a broken line, a killed gateway, and, if the same file is given again, a closed page.

import { BiplaneError } from '@biplane/client'
import type { DetailedError, Upload } from 'tus-js-client'

import { headersHere } from '../../../ui/connect/who.ts'

export interface Sending {
  /** The id of the artifact, once all of it is durable. @throws BiplaneError */
  artifactId: Promise<string>
  /** Gives it up; what was received is thrown away. */
  abort: () => void
}

export interface SendingEars {
  onProgress: (sentBytes: number) => void
  /** The line is broken, and it is tried again by itself. */
  onTrouble: () => void
}

/** About ten minutes; any byte that gets through begins them anew. */
const RETRY_DELAYS_MS = [200, 500, 1000, 2000, ...Array.from({ length: 120 }, () => 5000)]

export function sendBytes(file: File, tenantId: string, ears: SendingEars): Sending {
  let upload: Upload | null = null
  let isAborted = false
  const abort = () => {
    isAborted = true
    upload?.abort(true).catch(reportError)
  }
  const artifactId = open(file, tenantId, ears, (opened) => {
    upload = opened
    return !isAborted
  })
  return { artifactId, abort }
}

/** `mayStart`: asked once it can be begun. */
async function open(
  file: File,
  tenantId: string,
  { onProgress, onTrouble }: SendingEars,
  mayStart: (upload: Upload) => boolean,
): Promise<string> {
  const tus = await import('tus-js-client')
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const upload: Upload = new tus.Upload(file, {
    endpoint: `${location.origin}/v1/uploads?tenant_id=${encodeURIComponent(tenantId)}`,
    metadata: { filename: file.name, filetype: file.type || 'application/octet-stream' },
    // Whoever is here now: a key may have been given anew since it began.
    onBeforeRequest: (request) =>
      Object.entries(headersHere()).forEach(([name, value]) => request.setHeader(name, value)),
    retryDelays: RETRY_DELAYS_MS,
    removeFingerprintOnSuccess: true,
    onProgress,
    onShouldRetry: (error) => {
      const isPassing = isWorthRetrying(error)
      if (isPassing) onTrouble()
      return isPassing
    },
    onError: (error) => reject(problemOf(error)),
    onSuccess: ({ lastResponse }) => {
      const id = lastResponse.getHeader('artifact-id')
      if (id === undefined) reject(new Error('The gateway took the file and did not say what it became.'))
      else resolve(id)
    },
  })
  const [previous] = await upload.findPreviousUploads()
  if (previous !== undefined) upload.resumeFromPreviousUpload(previous)
  if (mayStart(upload)) upload.start()
  return promise
}

const statusOf = (error: DetailedError): number => error.originalResponse?.getStatus() ?? 0
const isWorthRetrying = (error: DetailedError): boolean =>
  statusOf(error) === 0 || statusOf(error) >= 500 || [409, 423, 429].includes(statusOf(error))

function problemOf(error: Error | DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null
  const body = response?.getBody() ?? ''
  if (response?.getHeader('content-type')?.startsWith('application/problem+json')) {
    return new BiplaneError(JSON.parse(body) as ConstructorParameters<typeof BiplaneError>[0], { cause: error })
  }
  const detail = 'The file did not get through.'
  const advice = 'Check the connection and try again: what was received is kept, so it goes on where it stopped.'
  return new BiplaneError({ code: 'upload_broken', status: 503, detail, advice }, { cause: error })
}
