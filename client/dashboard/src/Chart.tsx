import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { compact, moment, number } from './format'
import type { Series } from './wire'

const height = 260

/** Views over time. The newest point is still growing: its line is dashed. A pointer reads one point off. */
export function Chart({ series }: { series: Series | null }) {
  const box = useRef<HTMLDivElement>(null)
  const readout = useRef<HTMLParagraphElement>(null)
  const plot = useRef<uPlot | null>(null)
  const newest = useRef(series)
  newest.current = series

  useEffect(() => {
    const element = box.current!
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const make = () => {
      plot.current?.destroy()
      plot.current = new uPlot(options(element, (text) => (readout.current!.textContent = text)), columns(newest.current), element)
    }
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    make()
    resize.observe(element)
    scheme.addEventListener('change', make)
    // Labels are measured when they are drawn: once more with the page's own letters.
    document.fonts.ready.then(() => plot.current?.redraw(false, true))
    return () => {
      resize.disconnect()
      scheme.removeEventListener('change', make)
      plot.current?.destroy()
      plot.current = null
    }
  }, [])

  useEffect(() => {
    plot.current?.setData(columns(series))
  }, [series])

  return (
    <div class="chart" ref={box} role="img" aria-label={describe(series)}>
      <p class="readout" ref={readout} />
    </div>
  )
}

function columns(series: Series | null): uPlot.AlignedData {
  if (series === null || series.views.length === 0) return [[], [], []]
  const start = Date.parse(series.start) / 1000
  const last = series.views.length - 1
  return [
    series.views.map((_, point) => start + point * series.stepSeconds),
    series.views.map((views, point) => (point === last ? null : views)),
    series.views.map((views, point) => (point >= last - 1 ? views : null)),
  ]
}

function describe(series: Series | null): string {
  if (series === null || series.views.length < 2) return 'Views over time: not known yet'
  const complete = series.views.slice(0, -1)
  const width = { '1s': 'second', '1m': 'minute', '10m': 'ten minutes', '1h': 'hour', '1d': 'day', all: 'point' }[series.resolution]
  return `Views a ${width}, the last ${complete.length}: newest ${number(complete.at(-1)!)}, highest ${number(Math.max(...complete))}, lowest ${number(Math.min(...complete))}`
}

function options(element: HTMLElement, tell: (text: string) => void): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('--hairline'), width: 1 },
    ticks: { show: false },
  }
  const line = { stroke: colour('--accent'), width: 2, points: { show: false } }
  return {
    width: element.clientWidth || 600,
    height,
    padding: [28, 24, 0, 0],
    cursor: { y: false, points: { size: 8 }, drag: { x: false, y: false } },
    legend: { show: false },
    hooks: {
      setCursor: [({ cursor: { idx }, data: [times, complete, growing] }) => tell(idx == null ? '' : read(times[idx]!, complete![idx], growing![idx]))],
    },
    scales: { y: { range: (_, __, most) => [0, Math.max(4, most * 1.12)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 80,
        size: 36,
        values: [
          [86400, '{DD} {MMM}', null, null, null, null, null, null, 1],
          [3600, '{HH}:{mm}', '\n{DD} {MMM}', null, '\n{DD} {MMM}', null, null, null, 1],
          [60, '{HH}:{mm}', null, null, null, null, null, null, 1],
          [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
        ],
      },
      { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? compact(tick) : '')) },
    ],
    series: [
      {},
      { ...line, fill: colour('--accent-veil') },
      { ...line, dash: [4, 4] },
    ],
  }
}

/** One point in words. */
function read(seconds: number, complete: number | null | undefined, growing: number | null | undefined): string {
  const at = moment(new Date(seconds * 1000).toISOString())
  return complete == null ? `${at}: ${number(growing ?? 0)} views so far` : `${at}: ${number(complete)} views`
}
