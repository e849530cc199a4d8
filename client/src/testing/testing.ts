// For tests of what stands on a runtime: the real one as a process, and a line to it that can be cut.

export { type CuttableLine, openLine } from './cuttable-line.ts'
export { type GivenSurroundings, givenSurroundings } from './given-surroundings.ts'
export { type NodeProcess, ROOT, runProcess, startProcess } from './node-process.ts'
export { type RuntimeProcess, startRuntime } from './runtime-process.ts'
export { TRIAL_REALM } from './trial-realm.ts'
export { until } from './until.ts'
