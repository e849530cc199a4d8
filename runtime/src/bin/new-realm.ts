// biplane-runtime new realm NAME: writes a realm, its test, and its line in runtime.config.ts; all of it or nothing.

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'

import { REALM_NAME, RESERVED_REALMS } from '@biplane/protocol'
import type { Command } from 'commander'

import { ConfigurationError, configPathOf, loadConfig, loadRealms } from '../config.ts'
import { EXIT_CONFIGURATION, fail } from './cannot-run.ts'
import { type PreparedConfig, prepareConfig } from './prepare-config.ts'
import { NAME_CHARS_MAX, realmOf, testOf } from './realm-template.ts'

const IMPORTED = ['@biplane/realm', 'zod', '@biplane/realm-testing']

export const addNewRealm = (program: Command): Command =>
  program
    .command('new')
    .description('write something new into this project')
    .command('realm')
    .description('write a realm, its test, and its line in runtime.config.ts')
    .argument('<name>', 'lower case, with underscores: hello, data_mash')
    .action((name: string) => newRealm(name).catch(fail))

async function newRealm(name: string): Promise<void> {
  refuseBadName(name)
  const configPath = configPathOf(process.env)
  const slug = name.replaceAll('_', '-')
  const folder = join(dirname(configPath), 'realms', slug)
  if (existsSync(folder)) throw new ConfigurationError(`There is ${nearby(folder)} already. Choose another name.`)
  await refuseTakenName(name, configPath)
  const specifier = `./realms/${slug}/${slug}.ts`
  const config = await prepareConfig(configPath, specifier)
  try {
    writeFolder(folder, { [`${slug}.ts`]: realmOf(name), [`${slug}.test.ts`]: testOf(name, `${slug}.ts`) })
    config?.commit()
  } catch (error) {
    config?.discard()
    throw error
  }
  process.stdout.write(`${linesOf(folder, slug, configPath, config)}\n`)
  if (config !== null) process.exit(0)
  process.stderr.write(
    `${nearby(configPath)} is not changed, because its list of realms cannot be found in its text. Add this line to it:\n\n` +
      `  '${specifier}',\n`,
  )
  process.exit(EXIT_CONFIGURATION)
}

/** @throws ConfigurationError */
function refuseBadName(name: string): void {
  if (!REALM_NAME.test(name)) {
    const better = name
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^[^a-z]+|_+$/g, '')
    const advice = REALM_NAME.test(better) ? ` Take ${better}.` : ''
    throw new ConfigurationError(`A realm is named in lower case, with underscores, and begins with a letter.${advice}`)
  }
  if (name.length > NAME_CHARS_MAX) {
    throw new ConfigurationError(
      `A name of at most ${NAME_CHARS_MAX} characters is easier to call. Take a shorter one.`,
    )
  }
  if (RESERVED_REALMS.includes(name)) {
    throw new ConfigurationError(
      `"${name}" is a word of the protocol, so no realm may have it. Take another, such as my_${name}.`,
    )
  }
}

/** @throws ConfigurationError, also if what is there cannot be loaded: then nobody knows which names are taken */
async function refuseTakenName(name: string, configPath: string): Promise<void> {
  if (!existsSync(configPath)) return
  const realms = await loadRealms(await loadConfig(configPath), configPath)
  if (realms.every((realm) => realm.name !== name)) return
  throw new ConfigurationError(`${nearby(configPath)} names a realm ${name} already. Choose another name.`)
}

/** The folder appears with all of its files, or not at all. */
function writeFolder(folder: string, files: Record<string, string>): void {
  const draft = join(dirname(folder), `.${basename(folder)}-${process.pid}`)
  mkdirSync(draft, { recursive: true })
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(draft, name), text)
    renameSync(draft, folder)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
}

function linesOf(folder: string, slug: string, configPath: string, config: PreparedConfig | null): string {
  const test = nearby(join(folder, `${slug}.test.ts`))
  const missing = IMPORTED.filter((name) => !isInstalled(name, configPath))
  return [
    'Wrote',
    `  ${nearby(join(folder, `${slug}.ts`))}`,
    `  ${test}`,
    ...(config === null ? [] : [`  ${config.isNew ? '' : 'its line in '}${nearby(configPath)}`]),
    '',
    'Try next:',
    ...(missing.length === 0 ? [] : [`  npm install ${missing.join(' ')}`]),
    `  node --test ${test}`,
    '  npx biplane dev',
  ].join('\n')
}

function isInstalled(name: string, from: string): boolean {
  try {
    return findPackageJSON(name, from) !== undefined
  } catch {
    // It says by an error which package it cannot find.
    return false
  }
}

/** A path as a person would type it from here. */
const nearby = (path: string): string => relative(process.cwd(), path) || basename(path)
