// A Dockerfile as the few things that it says here: what is copied, what is run, and what the container starts.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { DockerfileParser } from 'dockerfile-ast'

import { ROOT } from '../repository.ts'

export interface Dockerfile {
  text: string
  /** From the build's context to the working folder, as they are named there. */
  copies: { from: string[]; to: string }[]
  runs: string[]
  env: Record<string, string>
  command: string[]
}

/** `path`: below the repository's root. */
export function readDockerfile(path: string): Dockerfile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const instructions = DockerfileParser.parse(text).getInstructions()
  const argumentsOf = (keyword: string) =>
    instructions
      .filter((instruction) => instruction.getInstruction() === keyword)
      .map((instruction) => instruction.getExpandedArguments().map((argument) => argument.getValue()))
  const raw = (keyword: string) =>
    instructions
      .filter((instruction) => instruction.getInstruction() === keyword)
      .map((instruction) => instruction.getRawArgumentsContent() ?? '')
  return {
    text,
    copies: argumentsOf('COPY').map((paths) => ({ from: paths.slice(0, -1), to: paths.at(-1) ?? '.' })),
    runs: raw('RUN').map((command) => command.replaceAll(/\\\n/g, ' ')),
    env: Object.fromEntries(argumentsOf('ENV').flat().map(nameAndValue)),
    command: JSON.parse(raw('CMD').at(-1) ?? '[]') as string[],
  }
}

function nameAndValue(pair: string): [string, string] {
  const at = pair.indexOf('=')
  return [pair.slice(0, at), pair.slice(at + 1)]
}
