/** What the HTTP API answers, as far as the page reads it; /openapi/v1.json has all of it. */

export type SpanName = '1s' | '1m' | '10m' | '1h' | '1d' | 'all'

export interface Span {
  start: string
  end: string
  views: number
}

export interface NamedSpan extends Span {
  name: SpanName
}

export interface ValueViews {
  value: string
  views: number
}

export type DimensionName = 'client' | 'os' | 'device' | 'region' | 'source'

export interface Course {
  course: string
  views: number
  asOf: { eventTime: string; late: number; durable: boolean; stalenessSeconds: number }
  windows: Record<'second' | 'minute' | 'tenMinutes' | 'hour' | 'day' | 'allTime', Span>
  dimensions: Record<DimensionName, ValueViews[]> & { window: NamedSpan; rest: Record<DimensionName, number> }
  series: Series | null
}

export interface Series {
  resolution: SpanName
  start: string
  stepSeconds: number
  views: number[]
}

export interface Counts {
  total: number
  byReason: Record<string, number>
}

export interface Partition {
  source: string
  partition: number
  lag: number
  durableLag: number
  unit: string
}

export interface Overview {
  top: { window: NamedSpan; courseCount: number; courses: { course: string; views: number }[] }
  status: {
    records: number
    kept: number
    skipped: Counts
    refused: Counts
    eventTime: string | null
    courses: number
    recordsPerSecond: number
    partitions: Partition[]
    silos: number
    missingSilos: number
  }
}
