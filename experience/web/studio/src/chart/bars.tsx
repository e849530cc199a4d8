// A bar chart that is drawn while it is in view.

import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'

import './bars.css'
import type { Bar, Drawn } from './draw-bars.ts'

/** Drawn before it is scrolled into view, so that nobody waits for it. */
const AHEAD = '300px'

interface BarsProps {
  /** The same as long as what is in it is. */
  bars: readonly Bar[]
  label: string
}

/** Its colours are read as it is drawn: another scheme, another drawing. */
export const Bars = (props: BarsProps) => <InView key={useComputedColorScheme()} {...props} />

function InView({ bars, label }: BarsProps) {
  const box = useRef<HTMLDivElement>(null)
  const isNear = useNear(box)
  const [error, setError] = useState<Error | null>(null)
  useEffect(() => {
    if (!isNear) return
    let isOver = false
    let drawn: Drawn | null = null
    const draw = async () => {
      const { drawBars } = await import('./draw-bars.ts')
      if (!isOver && box.current !== null) drawn = drawBars(box.current, bars)
    }
    draw().catch(setError)
    const observer = new ResizeObserver(() => drawn?.resize())
    if (box.current !== null) observer.observe(box.current)
    return () => {
      isOver = true
      observer.disconnect()
      drawn?.dispose()
    }
  }, [isNear, bars])
  if (error !== null) return <p className="bars-words">{label}</p>
  return <div ref={box} className="bars" role="img" aria-label={label} />
}

function useNear(box: React.RefObject<HTMLElement | null>): boolean {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    if (box.current === null) return
    const observer = new IntersectionObserver((seen) => setNear(seen.at(-1)?.isIntersecting ?? false), {
      rootMargin: AHEAD,
    })
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return isNear
}
