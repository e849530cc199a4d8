// How executions of a capability are held back, in words.

import type { CapabilityLimit } from '@biplane/protocol'

import { durationInWords } from '../../../ui/time/in-words.ts'

export function limitInWords({ by_key, by_priority, concurrency, serial, rate, debounce }: CapabilityLimit): string {
  const parts = [
    serial === true && 'one after the other, in the order they came',
    concurrency !== undefined && `${concurrency} at work at once`,
    rate !== undefined && `${rate.times} begin within ${durationInWords(rate.per_ms)}`,
    debounce !== undefined && `one begins when no other has come for ${durationInWords(debounce.quiet_ms)}`,
    by_priority && 'some go before others',
  ].filter((part) => part !== false)
  return `${parts.join('; ')}${by_key ? '; each among those of the same key' : ''}.`
}
