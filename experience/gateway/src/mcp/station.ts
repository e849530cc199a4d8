// What the tools stand on, over HTTP and over stdio alike: the runtime's catalogue, and a way to the runtime in a caller's name.

import type { Bounds, Trace, Way } from './call.ts'
import type { Tool } from './tool.ts'

/** By their names. */
export type Tools = ReadonlyMap<string, Tool>

/** One for the process. */
export interface Station extends Bounds {
  /** @throws ProblemError runtime_unavailable while the catalogue is not known */
  tools(): Tools
}

/** One for each connection; over HTTP, for each request. */
export interface Door {
  trace: Trace
  /** Whether a call says whose it is, in an argument `tenant_id`: not if the connection does. */
  tenantArgument: 'none' | 'optional' | 'required'
  /** `named`: that argument. @throws ProblemError, as `Identity.resolve` does */
  wayFor(named: unknown): Promise<Way>
}
