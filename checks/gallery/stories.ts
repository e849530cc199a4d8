// Every program of the gallery, as its users see it.

import type { Story } from './stage.ts'
import { children } from './stories/children.ts'
import { counts } from './stories/count.ts'
import { invoices } from './stories/invoice.ts'
import { plans } from './stories/plan.ts'
import { races } from './stories/race.ts'
import { refunds } from './stories/refund.ts'
import { sagas } from './stories/ten-steps.ts'
import { trips } from './stories/trip.ts'
import { walks } from './stories/walk.ts'

/** `steps`: of the execution that has most of them. */
export const stories = (steps: number): readonly Story[] => [
  ...children,
  ...sagas,
  ...refunds,
  ...races,
  ...counts,
  ...walks(steps),
  ...plans,
  ...trips,
  ...invoices,
]
