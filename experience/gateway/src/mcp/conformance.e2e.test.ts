// The public conformance suite of the protocol, run against a gateway with this surface before a real runtime. What it asks of every
// server is answered by our own tools and resources; what only its reference server has (images, prompts, asking back) is added in
// testing/, to see that our door lets it through. What is left out stands in conformance-left-out.yml, with its reason.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'

import { ROOT, runProcess } from '@biplane/client/testing'

import type { Surface } from '../kit/kit.ts'
import { type House, openHouse } from '../testing/house.ts'
import { createMcpSurface } from './mcp.ts'
import { REFERENCE_REALM } from './testing/reference-realm.ts'
import { referenceServers } from './testing/reference-server.ts'

const LEFT_OUT = join(import.meta.dirname, 'conformance-left-out.yml')

let house: House
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-conformance-'))
  house = await openHouse({ realm: REFERENCE_REALM, experience: { surfaces: [referenceSurface()] } })
})
after(async () => {
  await house[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Our surface, whose tools change when the suite's tool says so and not only when the catalogue does. */
function referenceSurface(): Surface {
  const listeners: (() => void)[] = []
  const { name, mount } = createMcpSurface(
    {},
    referenceServers(() => listeners.forEach((changed) => changed())),
  )
  const onChange = (changed: () => void) => void listeners.push(changed)
  return { name, mount: (app, kit) => mount(app, { ...kit, catalogue: { ...kit.catalogue, onChange } }) }
}

const SUITE = 'node_modules/@modelcontextprotocol/conformance'

/** What a revision requires of a server: the first list in a file of the suite. */
async function requiredBy(revision: string): Promise<string[]> {
  const text = await readFile(join(ROOT, SUITE, 'requirements', `${revision}.yaml`), 'utf8')
  const [, list = ''] = /^server:\n((?: +- .*\n)+)/m.exec(text) ?? []
  return list.match(/[\w-]*\w$/gm) ?? []
}

suite('the conformance suite of MCP', { concurrency: true }, () => {
  for (const [revision, count, leftOut] of [
    ['2026-07-28', 37, 0],
    ['2025-11-25', 30, 8],
  ] as const) {
    test(`of what the revision ${revision} requires, all passes but what is left out`, async (t) => {
      const how = ['--requirements', revision, '--expected-failures', LEFT_OUT, '--output-dir', folder]
      const args = ['server', '--url', `${house.url}/mcp?tenant_id=acme`, ...how]
      const { code, printed } = await runProcess({ main: `${SUITE}/dist/index.js`, args, cwd: folder })
      const summary = printed.slice(printed.indexOf('=== SUMMARY'))
      const required = await requiredBy(revision)
      const passed = required.filter((scenario) => summary.includes(`✓ ${scenario}: `))
      t.diagnostic(`MCP conformance, ${revision}: ${passed.length} of ${required.length} required scenarios pass`)
      assert.equal(code, 0, summary)
      assert.deepEqual([required.length, required.length - passed.length], [count, leftOut], summary)
    })
  }
})
