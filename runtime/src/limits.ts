// What an operator may bound (`limits` in runtime.config.ts): what each tenant may have, and what the server takes. The defaults
// are far above what one machine serves, so they keep a mistake from filling it and nothing else.

import * as z from 'zod'

const GIB = 1024 ** 3

const count = (fallback: number) => z.int().positive().default(fallback)

const TenantLimits = z.strictObject({
  /** Executions that have not ended. */
  executionsMax: count(200_000),
  /** Sessions that are open. */
  sessionsMax: count(1_000_000),
  /** Of stored artifacts. */
  artifactBytesMax: count(1024 * GIB),
  /** Submissions, retries and forks; a burst of as many is taken at once. */
  submissionsPerSecondMax: count(100_000),
})

const ServerLimits = z.strictObject({
  /** Sockets of any kind; those beyond are closed when they open. */
  connectionsMax: count(20_000),
  /** All of a request's headers and its address; beyond: `headers_too_large`. */
  headerBytesMax: count(16 * 1024),
  /** Beyond: `url_too_long`. */
  urlCharsMax: count(4_096),
  /** From the first byte of a request, or the opening of the socket, to the end of its headers; then `request_timeout`. */
  headersMsMax: count(20_000),
  /** From the headers of a JSON request to the end of its body; then `request_timeout`. */
  bodyMsMax: count(30_000),
  /** Without a byte of an upload; then `request_timeout`. */
  uploadStallMsMax: count(60_000),
  /** From the first byte of any request to its last. 5 GiB at 2 Mbit/s take as long. */
  requestMsMax: count(6 * 3_600_000),
  /** A socket between two requests. */
  keepAliveMsMax: count(72_000),
  /** A socket without a byte either way while something is under way: who downloads must read. */
  silenceMsMax: count(600_000),
  /** How long the rest of a body that was refused is read and dropped, so that the answer is seen, before the socket is closed. */
  lingerMsMax: count(2_000),
  /** Requests of one socket that are under way; one that sends more is closed. */
  pipelinedMax: count(100),
  /** A WebSocket that has not proved who it is, or whose token has expired; then 4401. */
  authenticateMsMax: count(10_000),
})

const Limits = z.strictObject({
  tenant: TenantLimits.prefault({}),
  server: ServerLimits.prefault({}),
})

/** What `limits` takes; whatever is left out has its default. */
export type LimitsConfig = z.input<typeof Limits>
export type RuntimeLimits = z.output<typeof Limits>
export type TenantLimits = z.output<typeof TenantLimits>
export type ServerLimits = z.output<typeof ServerLimits>

/** @throws z.ZodError naming what is not a limit, or not a whole number above 0 */
export const limitsOf = (config: LimitsConfig = {}): RuntimeLimits => Limits.parse(config)
