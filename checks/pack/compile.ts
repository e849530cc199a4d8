// One run of the compiler for all packages. What it writes lies as the sources do, so every relative path in them (a thread beside
// its opener, the migrations) leads to the same thing as in the repository.

import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { TSC } from '../compiler.ts'
import { ROOT } from '../repository.ts'

/** Writes JavaScript and declarations of `modules` (paths from the root) below `folder`. @throws Error with what does not compile */
export async function compile(modules: readonly string[], folder: string): Promise<void> {
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    rootDir: ROOT,
    outDir: folder,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  const files = modules.map((file) => join(ROOT, file))
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, files, include: [] }))
  await promisify(execFile)(process.execPath, [...TSC, '-p', config], { cwd: ROOT }).catch((cause: unknown) => {
    throw new Error(`What is to be packed does not compile:\n${(cause as { stdout: string }).stdout}`, { cause })
  })
}
