// Completion as it is met: in real shells, at a terminal, against a gateway. Bash is everywhere; the others are met where they are.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type House, openHouse } from '../testing/house.ts'
import { type PseudoTerminal, openTerminal } from '../testing/pseudo-terminal.ts'
import { shellWord } from '../terminal/shell-word.ts'

let house: House
let env: NodeJS.ProcessEnv
before(async () => {
  house = await openHouse()
  const bin = join(house.folder, 'bin')
  await mkdir(bin)
  const [program, words] = house.command([])
  const start = `#!/bin/sh\nexec ${[program, ...words].map(shellWord).join(' ')} "$@"\n`
  await writeFile(join(bin, 'biplane'), start, { mode: 0o755 })
  await writeFile(join(house.folder, 'orders.csv'), '')
  env = { ...house.env(), PATH: `${bin}:${process.env['PATH']}`, HOME: house.folder }
})
after(() => house[Symbol.asyncDispose]())

const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0

/** What is typed, where a tab key stands as such, and what the line has become then. */
const LINES: readonly [typed: string, becomes: string][] = [
  ['biplane corner\tor\t--speed f\t', 'biplane corner-shop order --speed fast'],
  ['biplane executions --status=wait\t', 'biplane executions --status=waiting'],
  ['biplane corner-shop compare ord\t', 'biplane corner-shop compare orders.csv'],
]

/** Interactive shells, and how each is told to complete this program. */
const SHELLS: Record<string, { start: string[]; load: string }> = {
  bash: { start: ['bash', '--norc', '--noprofile', '-i'], load: 'source <(biplane completion bash)' },
  zsh: {
    start: ['zsh', '-f', '-i'],
    // npm says EDITOR=vi, by which zsh would read the keys as vi does.
    load: 'bindkey -e; autoload -Uz compinit; compinit -u -D; source <(biplane completion zsh)',
  },
}
const BEGIN_OF_LINE = '\u0001'
/** Shown, and nothing behind it: what is typed now is read by the editor of the line. */
const PROMPT = /> $/

/** What a gateway does not say in time is not offered: a person then presses the key again. */
const TRIES_MAX = 5
let tries = 0

/** What the line becomes, or what it was at last if it never did. */
async function completed(terminal: PseudoTerminal, typed: string, becomes: string): Promise<string> {
  let line = ''
  for (let tried = 0; tried < TRIES_MAX && line !== becomes; tried++) {
    // The line is not run but printed, by what is put before it.
    terminal.type(`${typed}${BEGIN_OF_LINE}echo ${++tries}: \r`)
    line = (await terminal.prints(RegExp(`^${tries}: (.*)$`, 'm')))[1] ?? ''
    await terminal.prints(PROMPT)
  }
  return line
}

for (const shell of ['bash', 'zsh'].filter((name) => name === 'bash' || isThere(name))) {
  test(`in ${shell} the tab key completes realms, options, their values, ids and files`, async () => {
    const { execution_id } = await house.client.submit('corner_shop.talk', {})
    const { start, load } = SHELLS[shell] as (typeof SHELLS)[string]
    const terminal = openTerminal(start, env, 200)
    terminal.type(`cd ${house.folder}; PS1="> "; ${load}; echo read\\y\r`)
    await terminal.prints(/^ready$/m)
    await terminal.prints(PROMPT)
    const id: [string, string] = [`biplane show ${execution_id.slice(0, -3)}\t`, `biplane show ${execution_id}`]
    for (const [typed, becomes] of [...LINES, id]) assert.equal(await completed(terminal, typed, becomes), becomes)
    terminal.type('exit\r')
    assert.equal((await terminal.ended).code, 0)
  })
}

const FISH = 'fish'

/** Answers what it would offer. */
const askFish = (line: string): string => {
  const words = `biplane completion fish | source; complete -C ${shellWord(line)}`
  return spawnSync(FISH, ['--no-config', '-c', words], { env, cwd: house.folder, encoding: 'utf8' }).stdout
}

test('fish, where it is, is offered the same, with what is said of each', () => {
  if (!isThere(FISH)) return
  assert.equal(askFish('biplane corner-shop or'), 'order\tPlace an order\n')
  assert.equal(askFish('biplane executions --status=wait'), '--status=waiting\n')
  assert.match(askFish('biplane corner-shop compare ord'), /^orders\.csv/)
})

test('what is being typed is handed over word for word, and never run', async () => {
  const trap = join(house.folder, 'trapped')
  const line = `source <(biplane completion bash); COMP_WORDS=(biplane show '$(touch ${trap})' '; touch ${trap}' '\`touch ${trap}\`' ''); COMP_CWORD=5; _biplane; true`
  assert.equal(spawnSync('bash', ['--norc', '-c', line], { env, cwd: house.folder }).status, 0)
  assert.equal(spawnSync('ls', [trap]).status === 0, false)
})
