// What an operator sees of a runtime in numbers (docs/operations.md), in Prometheus' form. Each runtime has a registry of its
// own, since two may share a process.

import { Registry, collectDefaultMetrics } from 'prom-client'

import { executionMetrics } from './execution-metrics.ts'
import { type HttpMetrics, httpMetrics } from './http-metrics.ts'
import type { Observer } from './observer.ts'

export interface Metrics {
  observer: Observer
  http: HttpMetrics
  /** The exposition text, and its media type. */
  text(): Promise<string>
  readonly contentType: string
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return {
    observer: executionMetrics(registry),
    http: httpMetrics(registry),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
