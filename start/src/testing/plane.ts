// A plane of a few lines, for the tests of the supervisor: `node testing/plane.ts NAME [BEHAVIOUR]`. It keeps the contract of
// start/README.md and writes what happens to it into the file that TRACE names.

import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const [, , name = 'plane', behaviour] = process.argv
const { TRACE, RUNTIME_URL } = process.env
const port = Number(process.env[name === 'runtime' ? 'RUNTIME_PORT' : 'GATEWAY_PORT'])
const trace = (what: string) => appendFileSync(TRACE ?? '', `${name} ${what}\n`)

const stop = (why: string) => () => {
  trace(`stops by ${why}`)
  process.exit(0)
}

trace(`starts as ${process.pid}`)
if (behaviour === 'taken') {
  process.stderr.write('Port 8000 is taken. Set RUNTIME_PORT to another, or RUNTIME_PORT=0 for any free one.\n')
  process.exit(2)
}
if (behaviour === 'broken') throw new Error('broken')
if (behaviour === 'stubborn') process.on('SIGTERM', () => trace('ignores SIGTERM'))
else process.on('SIGTERM', stop('SIGTERM'))
process.on('disconnect', stop('disconnect'))

/** Ignores everything but SIGKILL, and answers for as long as it lives. */
const GRANDCHILD = `
  process.on('SIGTERM', () => {})
  const server = require('http').createServer((_, response) => response.end())
  server.listen(0, '127.0.0.1', () =>
    require('fs').appendFileSync(process.argv[1], 'grandchild listens on ' + server.address().port + '\\n'))`

const server = createServer((_request, response) => response.end('{}'))
server.listen(port, '127.0.0.1', () => {
  if (behaviour === 'silent') return
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  trace(`listens, told RUNTIME_URL=${name === 'runtime' ? '' : RUNTIME_URL}`)
  process.stdout.write(`${JSON.stringify({ level: 30, msg: 'listening' })}\n`)
  process.stdout.write(`${JSON.stringify({ level: 40, msg: 'the disk is slow' })}\n`)
  process.send?.({ type: 'listening', url })
  if (behaviour === 'mortal') setTimeout(() => process.exit(1), 20)
  if (behaviour === 'parent') spawn(process.execPath, ['-e', GRANDCHILD, String(TRACE)], { stdio: 'inherit' })
})
