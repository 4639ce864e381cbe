import type { Partition } from './wire'

const whole = new Intl.NumberFormat('en')
const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1, minimumFractionDigits: 1 })
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

export const number = (n: number) => whole.format(n)

export const compact = (n: number) => short.format(n)

export const share = (part: number, of: number) => (of > 0 ? percents.format(part / of) : '–')

export const time = (iso: string) => clock.format(new Date(iso))

/** The time of day, with the date where that is not today's. */
export function moment(iso: string): string {
  const date = new Date(iso)
  const text = clockWithSeconds.format(date)
  return date.toDateString() === new Date().toDateString() ? text : `${day.format(date)}, ${text}`
}

/** The name of a country by its code; ZZ and LAN are no countries. */
export function country(code: string): string {
  if (code === 'ZZ') return 'Unknown'
  if (code === 'LAN') return 'Private network'
  return /^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code
}

const sources: Record<string, string> = { internal: 'This site', referral: 'Other sites', so: '360 So', duckduckgo: 'DuckDuckGo' }

/** What a source of visitors is called. */
export const sourceName = (source: string) => sources[source] ?? capital(source)

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000
    unit++
  }
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`
}

/** What a sum over partitions amounts to, in the unit of their positions. */
export function backlog(partitions: Partition[], of: (partition: Partition) => number): string {
  const sum = partitions.reduce((total, partition) => total + of(partition), 0)
  return partitions.some((partition) => partition.unit === 'By') ? bytes(sum) : `${number(sum)} records`
}

/** The browser's offset from UTC, as the API wants it: +08:00. */
export function utcOffset(): string {
  const minutes = -new Date().getTimezoneOffset()
  const two = (n: number) => String(n).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
}
