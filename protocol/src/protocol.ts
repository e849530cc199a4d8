// Everything that crosses between the planes. docs/protocol.md is the text; these are its schemas.

export * from './artifact.ts'
export * from './canonical.ts'
export * from './capability.ts'
export * from './event.ts'
export * from './id.ts'
export * from './loopback.ts'
export * from './name.ts'
export * from './problem.ts'
export * from './status.ts'
export * from './stream.ts'
export * from './text.ts'
export * from './wire.ts'
