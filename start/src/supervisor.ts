// Both planes, each a process of its own: the runtime first, then the experience that is told where it is, and a console if there is
// to be one; stopped in reverse.

import { once } from 'node:events'
import { join } from 'node:path'

import { LogFile } from './log-file.ts'
import { limitLines, lineSplitter, readable } from './output.ts'
import { type Patience, Plane, type PlaneHooks } from './plane.ts'
import type { PlaneSpec } from './plane-spec.ts'

export interface Addresses {
  runtime: string
  experience: string
  console: string | null
}

export interface Supervision {
  runtime: PlaneSpec
  experience: PlaneSpec
  /** The operators' own experience, if they are to have one. */
  console?: PlaneSpec
  /** What both planes inherit. */
  env: NodeJS.ProcessEnv
  /** A folder for their full output. */
  logs: string
  /** One line for people, of one plane. */
  say: (plane: string, line: string) => void
  /** Aborts to stop both; `force` aborts to stop waiting for that. */
  stop: AbortSignal
  force: AbortSignal
  /** With planes that die. */
  patience?: Patience
}

/**
 * Runs both planes until `stop` aborts or `whileUp`, called when both are ready, is done; then both have ended.
 * @throws PlaneFailed if one of them cannot be kept running, after the other was stopped too
 */
export async function supervise<T>(
  supervision: Supervision,
  whileUp: (addresses: Addresses) => Promise<T>,
): Promise<T | undefined> {
  const { runtime, experience, console, env, stop } = supervision
  const planes: Plane[] = []
  const begin = (spec: PlaneSpec, planeEnv: NodeJS.ProcessEnv): Promise<string> => {
    stop.throwIfAborted()
    const plane = new Plane(spec, planeEnv, hooksOf(spec, supervision))
    planes.unshift(plane)
    return plane.start()
  }
  const upAndRunning = async () => {
    const runtimeUrl = await begin(runtime, env)
    const told = { ...env, RUNTIME_URL: runtimeUrl }
    const experienceUrl = await begin(experience, told)
    const consoleUrl = console === undefined ? null : await begin(console, told)
    const failure = Promise.all(planes.map((plane) => plane.keepRunning())).then(() => undefined)
    return Promise.race([failure, whileUp({ runtime: runtimeUrl, experience: experienceUrl, console: consoleUrl })])
  }
  const stopped = stop.aborted ? undefined : once(stop, 'abort').then(() => undefined)
  try {
    return await Promise.race([stopped, upAndRunning()])
  } finally {
    for (const plane of planes) await plane.stop()
  }
}

/** Everything that a plane writes goes to its log file; a little of it to the person at the terminal. */
function hooksOf({ name }: PlaneSpec, { logs, say, force, patience }: Supervision): PlaneHooks {
  const logPath = join(logs, `${name}.log`)
  const sayOwn = (line: string) => say(name, line)
  const log = new LogFile(logPath, sayOwn)
  const show = limitLines(sayOwn, logPath)
  const sink = (source: 'stdout' | 'stderr') => {
    const split = lineSplitter((line) => {
      const words = readable(line, source)
      if (words !== null) show(words)
    })
    return (chunk: Buffer) => {
      log.write(chunk)
      split(chunk)
    }
  }
  return { say: sayOwn, logPath, force, patience, output: { stdout: sink('stdout'), stderr: sink('stderr') } }
}
