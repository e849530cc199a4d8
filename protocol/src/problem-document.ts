// A problem document (RFC 9457) as a schema. Apart from the codes, which a browser's client needs without schemas.

import * as z from 'zod'

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  /** What to do about it. */
  advice: z.string(),
  /** The request, as the server's log names it. */
  instance: z.string().optional(),
  /** Of a log whose beginning is not kept any more: the first offset behind which it can be read. */
  earliest_offset: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof Problem>
