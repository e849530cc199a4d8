// What came of a request, and the counts of all of them.

import type { FuzzRequest } from './request.ts'

export interface Outcome {
  /** A status, or how it ended without one. */
  answer: string
  /** What must not be, with what was heard. */
  wrong?: string
  /** What was stored by it. */
  artifact?: string | undefined
}

const TEXT_MAX = 600
/** The runtime as a whole, or the part of a tenant, is full: nothing wrong, and told apart. */
const OVERLOADED = 'overloaded'
const INTERNAL = /\\?"code\\?": ?(\\?"(internal|runtime_unavailable|keys_unavailable)\\?")/

/** Whether an answer says that the fault is ours. */
export function judged(answer: string, status: number, text: string): Outcome {
  if (text.includes(`"${OVERLOADED}"`)) return { answer: OVERLOADED }
  const isOurs = status >= 500 || INTERNAL.test(text)
  if (isOurs)
    return {
      answer,
      wrong: text
        .slice(text.indexOf('\r\n\r\n') + 1)
        .trim()
        .slice(0, TEXT_MAX),
    }
  return { answer, artifact: status === 201 ? /"artifact_id":"(art_[0-9a-f]{64})"/.exec(text)?.[1] : undefined }
}

export class Tally {
  readonly #counts = new Map<string, Map<string, number>>()
  readonly #ways = new Map<string, number>()
  readonly wrong: string[] = []
  readonly artifacts = new Set<string>()
  #all = 0

  count(number: number, { kind, how, door }: FuzzRequest, { answer, wrong, artifact }: Outcome): void {
    this.#all++
    if (artifact !== undefined) this.artifacts.add(artifact)
    const group = `${kind} to the ${door}`
    const counts = this.#counts.get(group) ?? new Map<string, number>()
    this.#counts.set(group, counts.set(answer, (counts.get(answer) ?? 0) + 1))
    for (const way of how.split('+')) this.#ways.set(way, (this.#ways.get(way) ?? 0) + 1)
    if (wrong !== undefined) this.wrong.push(`request ${number} (${group}, ${how}): ${answer}: ${wrong}`)
  }

  lines(): string[] {
    const list = (counts: Map<string, number>) =>
      [...counts].toSorted(([one], [other]) => one.localeCompare(other)).map(([what, count]) => `${what}: ${count}`)
    const groups = [...this.#counts].toSorted(([one], [other]) => one.localeCompare(other))
    return [
      `${this.#all} requests`,
      ...groups.map(([group, counts]) => `  ${group}: ${list(counts).join(', ')}`),
      `  by what was done to them: ${list(this.#ways).join(', ')}`,
    ]
  }
}
