// Tells what went wrong and what to do next, in the words of the command line, and answers the exit code.

import { BiplaneError } from '@biplane/client'

import { CannotRun } from './cannot-run.ts'
import { EXIT, exitCodeOfError } from './exit-code.ts'
import type { Output } from './terminal/output.ts'
import { plain } from './terminal/text.ts'

/** Where the advice of the wire is not what a person at a command line can do. */
const ADVICE: Record<string, string> = {
  unauthenticated: 'Give --token or --key, or set BIPLANE_TOKEN or BIPLANE_API_KEY.',
  tenant_required: 'Give --tenant, or set BIPLANE_TENANT.',
  not_biplane: 'Check --url: that of a gateway ends in /v1, that of a runtime in /api.',
  idempotency_conflict: 'Give another --idempotency-key for what is not the same.',
  outcome_unknown: 'Call it again with --idempotency-key and the key: it cannot run twice.',
  intent_type_unknown: 'See what there is: npx biplane capabilities',
  query_type_unknown: 'See what there is: npx biplane capabilities',
  payload_invalid: 'See with --help what its fields take.',
  route_not_found:
    'Check --url: that of a gateway ends in /v1, that of a runtime in /api. Some calls only a gateway has.',
  session_not_found: 'Check the id and --tenant. See: npx biplane sessions',
  execution_not_found: 'Check the id and --tenant. See: npx biplane executions',
  session_closed: 'Leave --session out, and a new one is made.',
  approval_decided: 'See what became of it: npx biplane show EXECUTION',
}

const FILE_ERRORS: Record<string, string> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'it lies below something that is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not open it',
  EPERM: 'you may not do that with it',
  ENOSPC: 'there is no room left',
  EROFS: 'nothing can be written there',
}

/** @throws what is neither the wire's, the file system's nor a misuse: it is a mistake of this program */
export function reportProblem(error: unknown, out: Output, url: string): number {
  out.endProgress()
  if (error instanceof BiplaneError) return reportAnswer(error, out, url)
  if (error instanceof CannotRun) {
    out.record({ type: 'problem', code: 'cannot_run', detail: error.message, advice: error.advice })
    out.problem(error.message, error.advice)
    return error.exitCode
  }
  const { code = '', path = '' } = error as NodeJS.ErrnoException
  const reason = FILE_ERRORS[code]
  if (reason === undefined) throw error
  const [detail, advice] = [`The file ${path} cannot be used: ${reason}.`, 'Check the path and what you may do there.']
  out.record({ type: 'problem', code: 'file_unusable', detail, advice })
  out.problem(`${plain(detail)} (${code})`, advice)
  return EXIT.usage
}

function reportAnswer(error: BiplaneError, out: Output, url: string): number {
  const { code, detail, status, errors = [] } = error
  const advice = code === 'runtime_unavailable' ? startAdvice(error) : (ADVICE[code] ?? error.advice)
  const fields = errors.length === 0 ? {} : { errors }
  out.record({ type: 'problem', code, status, detail, advice: plain(advice), ...fields })
  const where = code === 'runtime_unavailable' ? placeAway(error, url) : ''
  // One error of a field is the detail already.
  const further = errors.length < 2 ? [] : errors.map(({ path, message }) => `\n  ${plain(`${path}: ${message}`)}`)
  out.problem(`${where}${plain(detail)} (${plain(code)})${further.join('')}`, plain(advice))
  return exitCodeOfError(error)
}

/** A server that answers for itself names the request. */
const isAnswered = ({ instance }: BiplaneError): boolean => instance !== undefined

const placeAway = (error: BiplaneError, url: string): string =>
  isAnswered(error) ? `The gateway at ${url} answers, the runtime behind it does not. ` : `Nothing answers at ${url}. `

const startAdvice = (error: BiplaneError): string =>
  isAnswered(error)
    ? 'Start the runtime (npm run runtime), or wait a moment; what was accepted before goes on then.'
    : 'Start both planes (npm start, or npx biplane dev in your own project), or name another place with --url.'
