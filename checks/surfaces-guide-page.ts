// The page docs/surfaces.md as what a reader makes of it: modules in a folder, and commands for the terminal.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { TSC } from './compiler.ts'
import { fencesOf } from './markdown.ts'
import { ROOT } from './repository.ts'

export interface Answer {
  status: number
  text: string
}

export class Page {
  readonly folder: string
  readonly text: string

  private constructor(folder: string, text: string) {
    this.folder = folder
    this.text = text
  }

  /** Writes what begins with the name of a file as that file, beside the packages. */
  static async write(): Promise<Page> {
    const folder = await mkdtemp(join(tmpdir(), 'biplane-surfaces-guide-'))
    const page = new Page(folder, await readFile(join(ROOT, 'docs/surfaces.md'), 'utf8'))
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    await writeFile(join(folder, 'package.json'), '{"type": "module"}')
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: ['*.ts'] }),
    )
    for (const text of fencesOf(page.text, 'ts')) await writeFile(join(folder, nameOf(text)), text)
    return page
  }

  lines(name: string): number {
    return (
      fencesOf(this.text, 'ts')
        .find((text) => nameOf(text) === name)
        ?.trimEnd()
        .split('\n').length ?? 0
    )
  }

  /** @throws Error with what the compiler says */
  async compile(): Promise<void> {
    await promisify(execFile)(process.execPath, [...TSC, '-p', this.folder]).catch((cause: unknown) => {
      throw new Error(`docs/surfaces.md does not compile:\n${(cause as { stdout: string }).stdout}`, { cause })
    })
  }

  /** Does the one command of the page that has these words, with what stands for the reader's own. */
  async command(words: string, given: Record<string, string>): Promise<Answer> {
    const commands = fencesOf(this.text, 'sh').flatMap((block) => block.split('\n'))
    const [line, ...others] = commands.filter((command) => command.includes(words))
    if (line === undefined || others.length > 0) throw new Error(`The page must have one command with ${words}.`)
    return this.#curl(line.replaceAll(/\$([A-Z]+)/g, (_, name: string) => given[name] ?? `$${name}`))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }

  /** As curl would. */
  async #curl(line: string): Promise<Answer> {
    const [, ...parts] = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
      ([, one, two, three]) => one ?? two ?? three,
    )
    const form = new URLSearchParams()
    const headers = new Headers()
    let url = ''
    let body: URLSearchParams | Uint8Array<ArrayBuffer> = form
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      if (!part.startsWith('-')) url = part
      else if (part === '-H') headers.set(...pairOf(parts.shift() ?? '', ': '))
      else if (part === '--data-binary')
        body = new Uint8Array(await readFile(join(this.folder, (parts.shift() ?? '').slice(1))))
      else if (part === '-d' || part === '--data-urlencode') form.append(...pairOf(parts.shift() ?? '', '='))
      else throw new Error(`What is ${part}? ${line}`)
    }
    const response = await fetch(url, { method: 'POST', headers, body })
    return { status: response.status, text: (await response.text()).trim() }
  }
}

function pairOf(text: string, between: string): [name: string, value: string] {
  const at = text.indexOf(between)
  return [text.slice(0, at), text.slice(at + between.length)]
}

function nameOf(text: string): string {
  const name = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1]
  if (name === undefined) throw new Error(`A module of docs/surfaces.md has no name: ${text.slice(0, 40)}`)
  return name
}
