// What a person sees who opens the gateway's address: what is here, and where it is described.

import type { Capability } from '@biplane/protocol'

import { addressOf } from './capability.ts'

const LINKS: [path: string, what: string][] = [
  ['/docs', 'the reference: every address, with a form to try it'],
  ['/openapi.json', 'every address, described (OpenAPI 3.1)'],
  ['/v1/capabilities', 'the catalogue: what the realms of the runtime can do'],
  ['/health', 'whether this process can serve'],
  ['/ready', 'whether the runtime answers'],
]

export const startPage = (capabilities: readonly Capability[] | null): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Biplane experience</title>
<h1>Biplane experience</h1>
<p>This process delivers. What it is asked for is done by the runtime behind it.</p>
<ul>${LINKS.map(([path, what]) => `\n<li><a href="${path}">${path}</a>: ${what}`).join('')}
</ul>
<h2>Capabilities</h2>
${capabilities === null ? '<p>The runtime has not been reached yet.</p>' : listOf(capabilities)}
</html>
`

const listOf = (capabilities: readonly Capability[]): string =>
  `<ul>${capabilities.map(({ type, title }) => `\n<li><code>POST ${addressOf(type)}</code>: ${escaped(title)}`).join('')}\n</ul>`

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (char) => ESCAPES[char] ?? char)
