import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Argument, Command, Option } from 'commander'

import { completionOf } from './candidates.ts'

const program = new Command('biplane').option('--url <url>').option('--json')
program.command('show').alias('status').argument('<execution>').option('-p, --payload', 'all of it')
program.command('pair').argument('<left-file>').argument('<right-file>')
program.command('many').argument('<file...>')
program.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
program.command('secret', { hidden: true })
const list = program.command('sessions').addOption(new Option('--status <status>').choices(['open', 'closed']))
list.command('close').argument('<session>').option('--reason <text>')
program.command('data-mash').alias('data_mash').command('create').description('Make one')

const complete = (...words: string[]) => {
  const { candidates, wants, prefix, before } = completionOf(program, words)
  return { values: candidates.map(({ value }) => value), wants, prefix, before }
}
const values = (...words: string[]) => complete(...words).values

test('commands come first, those that are hidden never', () => {
  assert.deepEqual(values(''), ['show', 'pair', 'many', 'completion', 'sessions', 'data-mash', 'help'])
  assert.deepEqual(values('s'), ['show', 'sessions'])
  assert.deepEqual(values('data-mash', ''), ['create', 'help'])
  assert.deepEqual(values('data_mash', 'c'), ['create'])
  assert.deepEqual(values('sessions', 'cl'), ['close'])
  assert.deepEqual(values('nothing', 'x'), [])
})

test('options are those of the command and of the program', () => {
  assert.deepEqual(values('show', '--'), ['--payload', '--url', '--json', '--help'])
  assert.deepEqual(values('show', '--p'), ['--payload'])
  assert.deepEqual(values('--j'), ['--json'])
})

test('what an argument wants is told by its name, also behind options and their values', () => {
  assert.equal(complete('show', '').wants, 'execution')
  assert.equal(complete('--url', 'http://x', 'show', '--payload', 'exe_0').wants, 'execution')
  assert.equal(complete('status', '').wants, 'execution')
  assert.equal(complete('pair', 'a', '').wants, 'right-file')
  assert.equal(complete('pair', 'a', 'b', '').wants, null)
  assert.equal(complete('many', 'a', 'b', 'c', '').wants, 'file')
  assert.equal(complete('sessions', 'close', '--reason', 'x', '').wants, 'session')
  assert.deepEqual(values('completion', 'z'), ['zsh'])
})

test('the value of an option is completed, and nothing else there', () => {
  assert.deepEqual(complete('sessions', '--status', ''), {
    values: ['open', 'closed'],
    wants: null,
    prefix: '',
    before: '',
  })
  assert.deepEqual(values('sessions', '--status', 'c'), ['closed'])
  assert.deepEqual(complete('--url', ''), { values: [], wants: 'url', prefix: '', before: '' })
})

test('a value that is attached is completed as a shell splits it', () => {
  const attached = { values: ['open'], wants: null, prefix: 'o', before: '--status=' }
  assert.deepEqual(complete('sessions', '--status=o'), attached)
  assert.deepEqual(complete('sessions', '--status', '=', 'o'), { ...attached, before: '' })
  assert.deepEqual(values('sessions', '--status', '='), ['open', 'closed'])
  assert.deepEqual(values('sessions', '--status', '=', 'open', 'cl'), ['close'])
})
