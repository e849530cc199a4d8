// The pages of Console that are looked at.

import type { Page } from 'playwright-core'

import type { House } from '../house.ts'
import { type Workshop, fillWorkshop } from '../workshop.ts'
import type { Shot } from './shot.ts'

let workshop: Workshop

async function fill({ client }: House): Promise<void> {
  workshop = await fillWorkshop(client)
}

const one = (name: keyof Workshop): Shot => ({
  name,
  path: '/',
  before: () => Promise.resolve(`/executions/${workshop[name]}`),
  after: (page) => page.getByText('Its handler has called nothing').or(page.locator('.timeline-row')).first().waitFor(),
  isWhole: true,
})

export const CONSOLE_PAGES: readonly Shot[] = [
  { name: 'empty', path: '/' },
  { name: 'executions', path: '/', before: fill },
  { name: 'narrowed', path: '/?status=waiting&type=workshop.wait' },
  { name: 'none', path: '/?status=cancelled' },
  one('failed'),
  one('completed'),
  one('asking'),
  one('waiting'),
  one('parked'),
  one('paused'),
  one('queued'),
  one('long'),
  {
    name: 'fork',
    path: '/',
    before: () => Promise.resolve(`/executions/${workshop.failed}`),
    after: async (page) => {
      await page.getByRole('button', { name: 'Fork', exact: true }).click()
      await page.getByRole('dialog').getByLabel('Reason').waitFor()
    },
  },
  { name: 'sessions', path: '/sessions' },
  {
    name: 'session',
    path: '/',
    before: () => Promise.resolve(`/sessions/${workshop.session}`),
    after: (page) => page.getByText('revision 1').waitFor(),
  },
  { name: 'capabilities', path: '/capabilities' },
  { name: 'capability', path: '/capabilities/workshop.order', after: fillForm },
  { name: 'answer', path: '/capabilities/workshop.stock', after: ask },
]

async function fillForm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fill in the example' }).click()
  await page.getByRole('button', { name: 'Add to' }).click()
}

async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fill in the example' }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByText('Answer', { exact: true }).waitFor()
}
