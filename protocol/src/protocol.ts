// Everything that crosses between the planes. docs/protocol.md is the text; these are its schemas.

export * from './artifact.ts'
export * from './canonical.ts'
export * from './capability.ts'
export * from './cursor.ts'
export * from './event.ts'
export * from './field-errors.ts'
export * from './id.ts'
export * from './life.ts'
export * from './loopback.ts'
export * from './mint-id.ts'
export * from './name.ts'
export {
  STREAM_CLOSED,
  STREAM_CURSOR,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  offsetOf,
  parseOffset,
  snapshotLink,
} from './offset.ts'
export * from './problem-document.ts'
export * from './problem.ts'
export * from './realm-of.ts'
export * from './server-sent-event.ts'
export * from './socket.ts'
export * from './status.ts'
export * from './stream.ts'
export * from './text.ts'
export * from './time.ts'
export * from './wire.ts'
