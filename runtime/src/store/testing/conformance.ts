// What every store must do, as one suite that all of them pass.

import { suite } from 'node:test'

import { closingCases } from './closing-cases.ts'
import { cutCases } from './cut-cases.ts'
import { endingCases } from './ending-cases.ts'
import { feedCases } from './feed-cases.ts'
import { keyCases } from './key-cases.ts'
import { leaseCases } from './lease-cases.ts'
import { listCases } from './list-cases.ts'
import { logCases } from './log-cases.ts'
import { stateCases } from './state-cases.ts'
import { type OpenStore, type OpenSubject, Subject } from './subject.ts'
import { tenantCases } from './tenant-cases.ts'
import { timerCases } from './timer-cases.ts'

const CASES: Record<string, (open: OpenSubject) => void> = {
  log: logCases,
  feed: feedCases,
  cut: cutCases,
  keys: keyCases,
  tenants: tenantCases,
  ending: endingCases,
  closing: closingCases,
  state: stateCases,
  timers: timerCases,
  lists: listCases,
  leases: leaseCases,
}

export function storeConformance(name: string, openStore: OpenStore): void {
  const open = () => Subject.open(openStore)
  for (const [part, cases] of Object.entries(CASES)) suite(`${name}: ${part}`, () => cases(open))
}
