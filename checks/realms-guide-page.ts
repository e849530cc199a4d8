// The page docs/realms.md as what a reader makes of it: modules in a folder of their own, and commands for the terminal.

import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { TSC } from './compiler.ts'
import { fencesOf } from './markdown.ts'
import { ROOT } from './repository.ts'

const PIECES = 'shop.ts'
const run = promisify(execFile)

export interface Module {
  /** What its first line names it; `shop.ts` where it is a piece of that. */
  name: string
  text: string
}

/** A call as `curl` would make it. */
export interface Command {
  url: string
  init: RequestInit
}

export class Page {
  readonly folder: string
  readonly text: string

  private constructor(folder: string, text: string) {
    this.folder = folder
    this.text = text
  }

  /** Writes all modules; of several with one name, the last. */
  static async write(): Promise<Page> {
    const folder = await mkdtemp(join(tmpdir(), 'biplane-realms-guide-'))
    const page = new Page(folder, await readFile(join(ROOT, 'docs/realms.md'), 'utf8'))
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    await copyFile(join(ROOT, 'checks/realms-guide-outside.ts'), join(folder, 'outside.ts'))
    await writeFile(join(folder, 'package.json'), '{"type": "module"}')
    const compiled = { extends: join(ROOT, 'tsconfig.json'), include: ['*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(compiled))
    for (const { name, text } of page.modules) await writeFile(join(folder, name), text)
    return page
  }

  /** Blocks that begin with the name of a file are that file; the others, put together, are the module of the page. */
  get modules(): Module[] {
    const blocks = fencesOf(this.text, 'ts').map((text) => ({ name: /^\/\/ (\S+\.ts)\n/.exec(text)?.[1], text }))
    const named = blocks.flatMap(({ name, text }) => (name === undefined ? [] : [{ name, text }]))
    const pieces = blocks.filter(({ name }) => name === undefined).map(({ text }) => text)
    return [...named, { name: PIECES, text: pieces.join('\n') }]
  }

  /** Every command of the page, with what stands for the reader's own. */
  commands(given: Record<string, string>): Command[] {
    const lines = fencesOf(this.text, 'sh').flatMap((block) => block.split('\n'))
    return lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => commandOf(line, given))
  }

  /** A configuration of realms of the page, beside them. */
  async configure(name: string, realms: readonly string[]): Promise<string> {
    const path = join(this.folder, 'configs', name)
    await mkdir(join(this.folder, 'configs'), { recursive: true })
    await writeFile(path, `export default { realms: ${JSON.stringify(realms.map((realm) => `../${realm}`))} }`)
    return path
  }

  /** @throws Error with what the compiler says */
  async compile(): Promise<void> {
    await run(process.execPath, [...TSC, '-p', this.folder]).catch((cause: unknown) => {
      throw new Error(`docs/realms.md does not compile:\n${(cause as { stdout: string }).stdout}`, { cause })
    })
  }

  /** Answers what the tests of the page say. @throws Error with it, if one fails */
  async test(): Promise<string> {
    // With it, a process believes that it is a file of the run that has started it.
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined }
    const { stdout } = await run(process.execPath, ['--test'], { cwd: this.folder, env }).catch((cause: unknown) => {
      throw new Error(`A test of docs/realms.md fails:\n${(cause as { stdout: string }).stdout}`, { cause })
    })
    return stdout
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

function commandOf(line: string, given: Record<string, string>): Command {
  const parts = /^curl (?:--json '(?<body>[^']*)' )?(?:-H '(?<header>[^']*)' )?"?(?<url>\S+?)"?$/.exec(line)?.groups
  if (parts?.['url'] === undefined) throw new Error(`This is no command that can be tried: ${line}`)
  const url = parts['url'].replaceAll(/\$([A-Z]+)/g, (_, name: string) => given[name] ?? `$${name}`)
  const [name, value] = parts['header']?.split(': ') ?? []
  const headers = name === undefined || value === undefined ? {} : { [name]: value }
  const { body } = parts
  if (body === undefined) return { url, init: { headers } }
  return { url, init: { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } } }
}
