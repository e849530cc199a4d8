// What the author of a realm imports to test it.

export { crashEverywhere } from './crash-everywhere.ts'
export { type FakeStep, type FakeUndo, hanging } from './fakes.ts'
export type { End, Handle } from './handle.ts'
export type { SubmitOptions, VirtualOptions, Whose } from './options.ts'
export { type VirtualRuntime, virtualRuntime } from './virtual-runtime.ts'
