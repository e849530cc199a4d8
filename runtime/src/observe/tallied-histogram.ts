// A histogram of what happens several times in each commit: it is counted in plain numbers, and made into what Prometheus reads when
// that is asked for.

import type { Histogram, MetricValueWithName, Registry } from 'prom-client'

interface Series {
  labels: readonly string[]
  /** As many as there are buckets, and one for what is beyond them all; not cumulated. */
  counts: number[]
  sum: number
}

interface Shape {
  name: string
  help: string
  labelNames: readonly string[]
  buckets: readonly number[]
  registers: readonly Registry[]
}

export class TalliedHistogram {
  readonly name: string
  readonly #shape: Shape
  readonly #series = new Map<string, Series>()

  constructor(shape: Shape) {
    this.name = shape.name
    this.#shape = shape
    // A registry asks its metrics for their name and for `get`, and is declared to take the library's own kinds alone.
    for (const registry of shape.registers) registry.registerMetric(this as unknown as Histogram)
  }

  /** `labels`: their values, in the order of their names. */
  tally(value: number, ...labels: string[]): void {
    const key = labels.length === 1 ? (labels[0] as string) : labels.join('\n')
    let series = this.#series.get(key)
    if (!series) {
      series = { labels, counts: [...this.#shape.buckets.map(() => 0), 0], sum: 0 }
      this.#series.set(key, series)
    }
    const { buckets } = this.#shape
    let bucket = 0
    while (bucket < buckets.length && value > (buckets[bucket] as number)) bucket++
    series.counts[bucket] = (series.counts[bucket] as number) + 1
    series.sum += value
  }

  get(): Promise<object> {
    const { name, help } = this.#shape
    const values = [...this.#series.values()].flatMap((series) => this.#valuesOf(series))
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values })
  }

  #valuesOf({ labels: values, counts, sum }: Series): MetricValueWithName<string>[] {
    const { name, labelNames, buckets } = this.#shape
    const labels = Object.fromEntries(labelNames.map((label, i) => [label, values[i] as string]))
    let count = 0
    const cumulated = counts.map((more, i) => ({
      metricName: `${name}_bucket`,
      labels: { le: buckets[i] ?? '+Inf', ...labels },
      value: (count += more),
    }))
    return [
      ...cumulated,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
}
