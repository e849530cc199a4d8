// Both planes for a test: the real runtime as a process, and in front of it an experience in this one.

import { type RuntimeProcess, TRIAL_REALM, startRuntime } from '@biplane/client/testing'

import { type ExperienceOptions, createExperience } from '../gateway.ts'

export interface House extends AsyncDisposable {
  runtime: RuntimeProcess
  /** The experience's address. */
  url: string
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export interface Answer {
  status: number
  headers: Headers
  body: unknown
}

export interface HouseOptions {
  realm?: string
  runtimeEnv?: Record<string, string>
  experience?: Partial<ExperienceOptions>
}

export async function openHouse({
  realm = TRIAL_REALM,
  runtimeEnv = {},
  experience,
}: HouseOptions = {}): Promise<House> {
  const runtime = await startRuntime(realm, runtimeEnv)
  const surfaces = ['rest'] as const
  const gateway = await createExperience({
    surfaces,
    port: 0,
    runtimeUrl: runtime.url,
    logLevel: 'error',
    uploadsFolder: `${runtime.folder}/uploads`,
    ...experience,
  })
  const url = await gateway.listen()
  return {
    runtime,
    url,
    call: (method, path, body, headers) => call(url, method, path, body, headers),
    async [Symbol.asyncDispose]() {
      await gateway.close()
      await runtime[Symbol.asyncDispose]()
    },
  }
}

/** A body that is neither text nor bytes nor a form is sent as JSON. */
export async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isRaw = body === undefined || typeof body === 'string' || body instanceof FormData || body instanceof Blob
  const response = await fetch(url + path, {
    method,
    headers: isRaw ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}
