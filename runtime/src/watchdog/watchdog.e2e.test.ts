import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const CHILD = fileURLToPath(new URL('./testing/watched-child.ts', import.meta.url))

interface Line {
  msg: string
  level?: number
  plane?: string
  blocked_ms?: number
  running?: string
  last_entered?: string
}

/** A process that is watched, read line by line. What blocks in it does so until it is released. */
class Watched implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'biplane-watchdog-'))
  readonly process: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #exited: Promise<unknown[]>

  constructor(what: string) {
    this.process = spawn(process.execPath, [CHILD, what, join(this.#folder, 'released')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#exited = once(this.process, 'exit')
    assert.ok(this.process.stdout)
    this.#lines = createInterface(this.process.stdout)[Symbol.asyncIterator]()
  }

  async line(): Promise<Line> {
    const { value, done } = await this.#lines.next()
    assert.ok(!done, 'the process wrote no more lines')
    return JSON.parse(value) as Line
  }

  release(): void {
    writeFileSync(join(this.#folder, 'released'), '')
  }

  /** Lets it end by itself, and answers what else it wrote. */
  async end(): Promise<Line[]> {
    this.process.stdin?.end()
    const rest: Line[] = []
    for (let next = await this.#lines.next(); !next.done; next = await this.#lines.next()) {
      rest.push(JSON.parse(next.value) as Line)
    }
    assert.deepEqual(await this.#exited, [0, null])
    return rest
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.#exited
    rmSync(this.#folder, { recursive: true })
  }
}

const DONE = { msg: 'done' }

test('while a step blocks the loop, a line of the log names its capability and the step', async () => {
  await using child = new Watched('block')
  // The step is released only after this was read, so it came while the loop was blocked.
  const { level, plane, running, blocked_ms = 0, msg } = await child.line()
  assert.deepEqual({ level, plane, running }, { level: 40, plane: 'runtime', running: 'hello.greet step charge' })
  assert.ok(blocked_ms >= 300, `blocked for ${blocked_ms} ms`)
  assert.match(msg, /blocked for 0\.\d s by hello\.greet step charge\..* child process or a worker thread/)
  child.release()
})

test('it is said again while it lasts, and once when it is over', async () => {
  await using child = new Watched('block')
  const first = await child.line()
  const second = await child.line()
  assert.ok((second.blocked_ms ?? 0) >= 600, `blocked for ${second.blocked_ms} ms`)
  assert.equal(second.running, first.running)
  child.release()
  assert.deepEqual(await child.line(), DONE)
  const over = await child.line()
  assert.match(over.msg, /turns again.* hello\.greet step charge/)
  assert.ok((over.blocked_ms ?? 0) >= (second.blocked_ms ?? 0))
  assert.deepEqual(await child.end(), [])
})

test('a step that blocks after an await is named as the one last entered', async () => {
  await using child = new Watched('go on and block')
  const { running, last_entered, msg } = await child.line()
  assert.deepEqual({ running, last_entered }, { running: undefined, last_entered: 'hello.greet step charge' })
  assert.match(msg, /last entered: hello\.greet step charge/)
  child.release()
})

test('a step that takes long and does not block is not complained of', async () => {
  await using child = new Watched('wait')
  assert.deepEqual(await child.line(), DONE)
  assert.deepEqual(await child.end(), [])
})

test('a process that was stopped for a while, as a machine that sleeps stops it, was not blocked', async () => {
  await using child = new Watched('nothing')
  assert.deepEqual(await child.line(), DONE)
  // Time that passes is what is tested here. Which thread wakes first is chance, so it is done several times.
  for (let i = 0; i < 5; i++) {
    child.process.kill('SIGSTOP')
    await after(500)
    child.process.kill('SIGCONT')
    await after(200)
  }
  assert.deepEqual(await child.end(), [])
})

for (const { type, code } of [
  { type: 'hello.block', code: 'hello.block step charge' },
  { type: 'hello.ponder', code: 'hello.ponder handler' },
]) {
  test(`a runtime names ${code} while it blocks, and goes on after it`, async () => {
    await using child = new Watched(type)
    assert.equal((await child.line()).running, code)
    child.release()
    const told = [await child.line(), await child.line(), await child.line()].map(({ msg }) => msg)
    assert.ok(told.includes('completed'))
    assert.ok(told.some((msg) => msg.includes(`turns again`) && msg.includes(code)))
    assert.deepEqual(await child.end(), [])
  })
}

test('a runtime whose steps wait and do not block says nothing', async () => {
  await using child = new Watched('hello.wait')
  assert.deepEqual([await child.line(), await child.line()], [{ msg: 'completed' }, DONE])
  assert.deepEqual(await child.end(), [])
})
