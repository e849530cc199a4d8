// The bounds of the surface. A test narrows them; nothing else does.

export interface McpLimits {
  /** Tool calls under way in this process, those that wait for an end included. Beyond, they are told `overloaded`. */
  callsMax: number
  /** The same, of one tenant. */
  tenantCallsMax: number
  /** How long a call waits for the end of its execution if it does not say. Clients give up after about a minute. */
  waitS: number
  waitSMax: number
  /** Notifications of progress in one call. */
  progressMax: number
  /** Streams that are open for changes of the list of tools. */
  subscriptionsMax: number
  /** Of a file that stands inside a call. */
  inlineBytesMax: number
  /** Of an artifact that is read as a resource. */
  resourceBytesMax: number
  /** Links to artifacts in one answer. */
  linksMax: number
}

export const LIMITS: McpLimits = {
  callsMax: 1_000,
  tenantCallsMax: 100,
  waitS: 25,
  waitSMax: 60,
  progressMax: 1_000,
  subscriptionsMax: 1_000,
  inlineBytesMax: 256 * 1024,
  resourceBytesMax: 1024 * 1024,
  linksMax: 20,
}
