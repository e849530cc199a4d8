import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT } from '@biplane/client/testing'
import type { Command } from 'commander'

import { EXIT, EXIT_MEANS } from './exit-code.ts'
import { createProgram } from './program.ts'

const guide = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8')
const program = createProgram()

/** `sessions`, `sessions close`: all that can be typed. */
const commandsOf = (command: Command, words: string[] = []): string[] =>
  command.commands.flatMap((each) => {
    const path = [...words, each.name()]
    return each.description() === '' ? [] : [path.join(' '), ...commandsOf(each, path)]
  })

test('docs/cli.md has every command, and none that is not there', () => {
  const [, table = ''] = /## Commands\n([^]*?)\n## /.exec(guide) ?? []
  const firstCells = [...table.matchAll(/^\| (.*?) \|/gm)].map(([, cell]) => cell ?? '').join(' ')
  const documented = [...firstCells.matchAll(/`([a-z ]+)`/g)].map(([, name]) => name ?? '')
  const all = commandsOf(program)
  // Those below `keys` are told by its help.
  const missing = all.filter(
    (name) => !documented.includes(name) && !name.startsWith('keys ') && !GROUPS.includes(name),
  )
  assert.deepEqual(missing, [])
  assert.deepEqual(
    documented.filter((name) => ![...all, 'status', 'help'].includes(name)),
    [],
  )
})

/** Nothing by themselves. */
const GROUPS = ['new', 'artifact']

test('exit codes are listed in docs/cli.md and in the help, with the same words', () => {
  const [, table = ''] = /## Exit codes\n([^]*?)\nA code/.exec(guide) ?? []
  const documented = [...table.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, means]) => [Number(code), means])
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[]
  assert.deepEqual(
    documented,
    names.map((name) => [EXIT[name], EXIT_MEANS[name]]),
  )
})

test('every command says what it does, and so does each of its options and arguments', () => {
  const silent = (command: Command, path: string): string[] => [
    ...command.options
      .filter(({ description, hidden }) => description === '' && !hidden)
      .map(({ flags }) => `${path} ${flags}`),
    ...command.registeredArguments
      .filter(({ description }) => description === '')
      .map((each) => `${path} ${each.name()}`),
    ...command.commands.flatMap((each) => (each.description() === '' ? [] : silent(each, `${path} ${each.name()}`))),
  ]
  assert.deepEqual(silent(program, 'biplane'), [])
})
