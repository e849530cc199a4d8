// An approval that is met while following, at a terminal: the person who follows is asked, with what the execution has said for it.
// Somebody else may decide meanwhile, or its time may be over: then the question is taken back.

import { createInterface } from 'node:readline/promises'

import { BiplaneError } from '@biplane/client'
import type { AwaitedSignal } from '@biplane/protocol'

import type { Task } from '../command.ts'
import type { Output } from '../terminal/output.ts'
import { aheadOf } from '../terminal/moment.ts'
import { recordsOf } from '../terminal/records.ts'
import { asShown, bold, careful, dim } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'

/** A person who types something else as often as this is not asked again. */
const ATTEMPTS_MAX = 5
const EVIDENCE_ROWS_MAX = 20

export interface Question {
  execution_id: string
  awaited: AwaitedSignal
  /** The event of its realm that came last before it asked; undefined if there was none. */
  evidence: { type: string; data: unknown } | undefined
}

/** Asks, and sends what is decided. False: it is left for later. `withdrawn` aborts when there is nothing to decide any more. */
export async function askForDecision(task: Task, question: Question, withdrawn: AbortSignal): Promise<boolean> {
  tellQuestion(task.out, question)
  const answer = await readDecision(task.out, withdrawn)
  if (withdrawn.aborted) return true
  if (answer === null) return false
  const reason = await readLine(task.out, '  Why? (may be left empty) ', withdrawn)
  if (withdrawn.aborted) return true
  if (reason === null) return false
  await decide(task, question, answer, reason.trim())
  return true
}

function tellQuestion(out: Output, { awaited, evidence }: Question): void {
  const { approval, name, until } = awaited
  const assignee = approval?.assignee === undefined ? '' : `for ${plain(approval.assignee)}`
  const end = until === undefined ? '' : `to be decided ${aheadOf(until)}`
  const facts = [assignee, end].filter((fact) => fact !== '').join(', ')
  out.note()
  out.note(`${careful('?')} ${bold(plain(approval?.title ?? name))} ${dim(facts)}`)
  if (evidence === undefined) return
  out.note(`  ${dim(evidence.type)}`)
  const page = { columns: (process.stderr.columns || Number.POSITIVE_INFINITY) - 4, rowsMax: EVIDENCE_ROWS_MAX }
  for (const line of recordsOf(evidence.data, page)) out.note(`    ${line}`)
}

/** Null: later. */
async function readDecision(out: Output, withdrawn: AbortSignal): Promise<boolean | null> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const text = await readLine(out, `  ${bold('y')}es, ${bold('n')}o, or ${bold('l')}ater? `, withdrawn)
    const answer = text?.trim().toLowerCase() ?? 'later'
    if (['y', 'yes'].includes(answer)) return true
    if (['n', 'no'].includes(answer)) return false
    if (['l', 'later'].includes(answer)) return null
  }
  return null
}

/** Null if it was withdrawn, or the input ended. */
async function readLine(out: Output, text: string, withdrawn: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true })
  const ended = new AbortController()
  lines.once('close', () => ended.abort())
  // The terminal hands Ctrl-C to the reader of lines, which is not who knows what to do about it.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  out.hold(() => lines.prompt(true))
  try {
    return await lines.question(asShown(text, process.stderr), { signal: AbortSignal.any([withdrawn, ended.signal]) })
  } catch (error) {
    if (withdrawn.aborted || ended.signal.aborted) return null
    throw error
  } finally {
    out.hold(null)
    lines.close()
  }
}

async function decide(task: Task, { execution_id, awaited }: Question, isYes: boolean, reason: string): Promise<void> {
  const { client, out } = task
  const because = reason === '' ? {} : { reason }
  try {
    if (isYes) await client.approve(execution_id, awaited.name, because)
    else await client.refuse(execution_id, awaited.name, because)
  } catch (error) {
    // Somebody was faster, or this person may not: the execution is followed on either way.
    if (!(error instanceof BiplaneError)) throw error
    out.problem(`${plain(error.detail)} (${plain(error.code)})`, plain(error.advice))
  }
}
