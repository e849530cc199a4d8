import { storeConformance } from '../testing/conformance.ts'
import { openInScratch } from './testing/scratch.ts'

storeConformance('sqlite', (clock) => openInScratch({ clock }))
