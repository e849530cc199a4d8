// What the author of a realm imports to test it.

export { type CrashOptions, crashEverywhere } from './crash-everywhere.ts'
export { type FakeStep, type FakeUndo, hanging } from './fakes.ts'
export type { End, Handle } from './handle.ts'
export {
  type SubmitOptions,
  type VirtualOptions,
  type VirtualRuntime,
  type Whose,
  virtualRuntime,
} from './virtual-runtime.ts'
