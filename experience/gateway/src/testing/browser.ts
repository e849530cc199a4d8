// As much of a browser as signing in takes: it keeps cookies as it is told, follows redirects, and says of each request what kind
// it is. Node's fetch lets nobody say that.

import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Page {
  url: string
  status: number
  headers: IncomingMessage['headers']
  body: string
}

interface Cookie {
  value: string
  path: string
  attributes: string
}

const REDIRECTS_MAX = 10
const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

export class Browser {
  /** By host and name: a cookie is sent to every port of its host. */
  readonly #cookies = new Map<string, Cookie>()

  /** A person opens an address, or follows a link to it. */
  async open(address: string, site: 'none' | 'cross-site' | 'same-origin' = 'none'): Promise<Page> {
    let url = address
    for (let redirects = 0; redirects < REDIRECTS_MAX; redirects++) {
      const page = await this.send('GET', url, { ...NAVIGATION, 'sec-fetch-site': site })
      if (page.status < 300 || page.status > 399) return page
      url = new URL(page.headers.location ?? '', url).href
    }
    throw new Error(`${address} redirects for ever.`)
  }

  /** A request as it is, with the cookies that are kept. */
  async send(method: string, url: string, headers: Record<string, string> = {}, body = ''): Promise<Page> {
    const cookie = this.#cookiesFor(new URL(url))
    const sent = request(url, { method, headers: { ...headers, ...(cookie === '' ? {} : { cookie }) } })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(new URL(url), line)
    return { url, status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }
  }

  /** A call of a page of `origin`, as its script makes it. */
  call(method: string, url: string, body?: object, headers: Record<string, string> = {}): Promise<Page> {
    const { origin } = new URL(url)
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const own = method === 'GET' ? {} : { origin, 'biplane-csrf': '1' }
    const all = { 'sec-fetch-site': 'same-origin', ...json, ...own, ...headers }
    return this.send(method, url, all, body === undefined ? '' : JSON.stringify(body))
  }

  /** What is kept under a name for a host, with the attributes that it came with. */
  cookie(url: string, name: string): Cookie | undefined {
    return this.#cookies.get(`${new URL(url).hostname} ${name}`)
  }

  /** Puts in a cookie by hand. */
  setCookie(url: string, line: string): void {
    this.#keep(new URL(url), line)
  }

  #keep({ hostname }: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/)
    const name = pair.slice(0, pair.indexOf('='))
    const told = (attribute: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${attribute}=`))?.slice(attribute.length + 1)
    const isOver = told('max-age') === '0' || Date.parse(told('expires') ?? '') < Date.now()
    const key = `${hostname} ${name}`
    const cookie = { value: pair.slice(name.length + 1), path: told('path') ?? '/', attributes: attributes.join('; ') }
    if (isOver) this.#cookies.delete(key)
    else this.#cookies.set(key, cookie)
  }

  #cookiesFor({ hostname, pathname }: URL): string {
    return [...this.#cookies]
      .filter(([key, { path }]) => key.startsWith(`${hostname} `) && pathname.startsWith(path))
      .map(([key, { value }]) => `${key.slice(hostname.length + 1)}=${value}`)
      .join('; ')
  }
}
