// Which function does which job.

import type { Job, JobContext, ResultOf } from './job.ts'
import { land } from './land.ts'
import { profile } from './profile.ts'
import { run } from './run.ts'
import { select } from './select.ts'
import { type } from './type.ts'

export function perform<J extends Job>(job: J, context: JobContext): Promise<ResultOf<J>>
export function perform(job: Job, context: JobContext): Promise<ResultOf<Job>> {
  switch (job.kind) {
    case 'land':
      return land(job, context)
    case 'type':
      return type(job, context)
    case 'profile':
      return profile(job, context)
    case 'run':
      return run(job, context)
    case 'select':
      return select(job, context)
    default:
      return job satisfies never
  }
}
