// The pages that are looked at, and what is to be on them. They are taken in this order, in one house for each app.

import { CONSOLE_PAGES } from './console-pages.ts'
import type { Shot } from './shot.ts'
import { STUDIO_PAGES } from './studio-pages.ts'

export const PAGES: Record<'studio' | 'console', readonly Shot[]> = {
  studio: STUDIO_PAGES,
  console: CONSOLE_PAGES,
}
