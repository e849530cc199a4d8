// What a gateway's server takes from a connection (`server` in experience.config.ts). What each socket may do beyond that stands in
// websocket/limits.ts.

export interface ServerLimits {
  /** Connections of any kind; those beyond are closed when they open. */
  connectionsMax: number
  /** All of a request's headers and its address; beyond: `headers_too_large`. */
  headerBytesMax: number
  /** From the first byte of a request, or the opening of the connection, to the end of its headers; then `request_timeout`. */
  headersMsMax: number
  /** From the beginning of a body that is not an upload to its end; then `request_timeout`. */
  bodyMsMax: number
  /** A whole request with its upload: 5 GiB at 1.5 MB/s. */
  requestMsMax: number
  /** A connection between two requests. */
  keepAliveMsMax: number
  /** A connection on which nothing moves. Above the longest wait (60 s) and the heartbeat of streams (15 s). */
  silenceMsMax: number
  /** How long the rest of a refused body is read and thrown away, so that its sender sees the answer before the end. */
  lingerMsMax: number
  /** Requests of one connection that are not answered; one that sends more is closed. */
  pipelinedMax: number
}

export const SERVER_LIMITS: ServerLimits = {
  connectionsMax: 20_000,
  headerBytesMax: 16 * 1024,
  headersMsMax: 20_000,
  bodyMsMax: 30_000,
  requestMsMax: 60 * 60_000,
  keepAliveMsMax: 72_000,
  silenceMsMax: 120_000,
  lingerMsMax: 2_000,
  pipelinedMax: 100,
}
