// Where the first and the next page of a list are, for who goes on by `Link` (RFC 8288) instead of building addresses.

import type { Page } from '@biplane/protocol'

export function isPage(answer: unknown): answer is Page<unknown> {
  return typeof answer === 'object' && answer !== null && 'items' in answer && 'next' in answer
}

/** `url`: the path of the request with its query, which the other pages have too. */
export function pageLinks(url: string, { next }: Page<unknown>): string {
  const [path = '', query = ''] = url.split('?', 2)
  const to = (after: string | null, rel: string): string => {
    const params = new URLSearchParams(query)
    params.delete('after')
    if (after !== null) params.set('after', after)
    return `<${path}${params.size === 0 ? '' : `?${params.toString()}`}>; rel="${rel}"`
  }
  return [to(null, 'first'), ...(next === null ? [] : [to(next, 'next')])].join(', ')
}
