// Asking over HTTP, and keeping what was heard: each answer whole, with its headers, by the tenant that it was given to.

export interface Ask {
  method: string
  /** With its query. */
  path: string
  headers?: Record<string, string>
  /** Text goes as it is, all else as JSON. */
  body?: unknown
}

export interface Heard {
  status: number
  headers: Headers
  text: string
}

const ANSWER_MS_MAX = 10_000

export async function ask(url: string, { method, path, headers = {}, body }: Ask): Promise<Heard> {
  const isText = typeof body === 'string'
  const json = isText || body === undefined ? {} : { 'content-type': 'application/json' }
  const init = { method, headers: { ...json, ...headers }, signal: AbortSignal.timeout(ANSWER_MS_MAX) }
  const sent = body === undefined ? null : isText ? body : JSON.stringify(body)
  const response = await fetch(`${url}${path}`, { ...init, body: sent, redirect: 'manual' })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** The code of ours, also where a problem stands as text in another answer. */
export const codeIn = ({ text }: Pick<Heard, 'text'>): string => /\\?"code\\?":\\?"([\w.]+)\\?"/.exec(text)?.[1] ?? ''

/** What is told to each tenant, as one text. */
export class Ears {
  readonly #heard = new Map<string, string[]>()

  hear(tenant: string, text: string): void {
    this.#heard.set(tenant, [...(this.#heard.get(tenant) ?? []), text])
  }

  /** Asks, and remembers for `tenant` all that came back. */
  async ask(tenant: string, url: string, one: Ask): Promise<Heard> {
    const heard = await ask(url, one)
    this.hear(tenant, `${heard.status} ${JSON.stringify([...heard.headers])} ${heard.text}`)
    return heard
  }

  heardBy(tenant: string): string {
    return (this.#heard.get(tenant) ?? []).join('\n')
  }
}
