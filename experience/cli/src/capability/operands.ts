// What a command line is about, before it is parsed: which commands it has depends on what the gateway can do.

import type { Command } from 'commander'

export interface Operands {
  /** The words before the first option that only a command below may know. */
  words: string[]
  /** Whether help is all that is wanted. */
  isHelp: boolean
  /** Whether the version is all that is wanted. */
  isVersion: boolean
}

export function readOperands(program: Command, argv: readonly string[]): Operands {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string
    if (!word.startsWith('-')) words.push(word)
    else {
      const option = program.options.find(({ long, short }) => word === long || word === short)
      const isAttached = program.options.some(({ long }) => long && word.startsWith(`${long}=`))
      if (option === undefined && !isAttached) break
      if (option?.required) i++
    }
  }
  const isAny = (...names: string[]) => names.some((name) => argv.includes(name))
  return {
    words,
    isHelp: words.length === 0 || isAny('--help', '-h'),
    isVersion: words.length === 0 && isAny('--version', '-V'),
  }
}
