// Steps, and what takes them back, that a test does instead of the realm.

import type { StepContext, Undo } from '@biplane/realm'

/** Does a step's work, and may throw. `real` runs the body that it stands for. */
export type FakeStep = (step: StepContext, real: () => unknown) => unknown
/** Takes a step back, and may throw. `real` runs the undo that it stands for. */
export type FakeUndo = (undo: Undo<unknown>, real: () => unknown) => unknown

/** A fake that never ends by itself: it ends when its step times out or its execution is cancelled. */
export const hanging: FakeStep = ({ signal }) =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

/** By the step's name, or by `realm.intent/step`, which goes before it. */
export class Fakes<F> {
  readonly #fakes = new Map<string, F>()

  set(step: string, fake: F): void {
    this.#fakes.set(step, fake)
  }

  of(intentType: string, step: string): F | undefined {
    return this.#fakes.get(`${intentType}/${step}`) ?? this.#fakes.get(step)
  }
}
