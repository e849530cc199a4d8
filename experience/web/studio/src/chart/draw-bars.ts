// Bars by ECharts: only what they need of it, in a chunk that comes when a chart is first looked at. Drawn on a canvas, tooltip and
// all: in HTML it would write styles of its own, which the page's policy refuses.

import { BarChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

export interface Bar {
  /** What is counted in it: `10 to 20`. */
  label: string
  value: number
  /** Both, as they are read. */
  words: string
}

export interface Drawn {
  resize: () => void
  dispose: () => void
}

use([BarChart, GridComponent, TooltipComponent, CanvasRenderer])

/** `box` has a size already. Its colours are the page's of now. */
export function drawBars(box: HTMLElement, bars: readonly Bar[]): Drawn {
  const style = getComputedStyle(box)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const chart = init(box, null, { renderer: 'canvas' })
  const quiet = { show: false }
  chart.setOption({
    animation: false,
    grid: { left: 0, right: 0, top: 4, bottom: 1, containLabel: false },
    xAxis: {
      type: 'category',
      data: bars.map(({ label }) => label),
      axisLabel: quiet,
      axisTick: quiet,
      axisLine: { lineStyle: { color: colour('--bp-line') } },
      axisPointer: { type: 'shadow', shadowStyle: { color: colour('--bp-line'), opacity: 0.5 } },
    },
    yAxis: { type: 'value', show: false, min: 0, max: 'dataMax' },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      confine: true,
      padding: [4, 8],
      backgroundColor: colour('--mantine-color-body'),
      borderColor: colour('--mantine-color-default-border'),
      textStyle: { color: colour('--mantine-color-text'), fontFamily: style.fontFamily, fontSize: 12 },
      formatter: (at: { dataIndex: number }[]) => bars[at[0]?.dataIndex ?? -1]?.words ?? '',
    },
    series: [
      {
        type: 'bar',
        data: bars.map(({ value }) => value),
        barCategoryGap: '8%',
        itemStyle: { color: colour('--mantine-primary-color-filled'), borderRadius: [2, 2, 0, 0] },
      },
    ],
  })
  return { resize: () => chart.resize(), dispose: () => chart.dispose() }
}
