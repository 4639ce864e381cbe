import { number, share } from './format'
import type { ValueViews } from './wire'

interface ValueListProps {
  name: string
  values: ValueViews[] | undefined
  rest: number
  total: number
  /** Places kept for values, so that nothing below moves when one comes or goes. */
  rows: number
  /** What to call a value. */
  title?: (value: string) => string
  /** Whether the value itself stands before its title. */
  isMarked?: boolean
}

/** Views by one dimension, as bars behind the names. */
export function ValueList({ name, values, rest, total, rows, title, isMarked }: ValueListProps) {
  const shown = values?.slice(0, rows) ?? []
  const others = rest + (values ?? []).slice(rows).reduce((sum, { views }) => sum + views, 0)
  const most = Math.max(shown[0]?.views ?? 0, 1)
  return (
    <section class="panel list">
      <h3>{name}</h3>
      <ol class={`values rows-${rows}`}>
        {shown.map(({ value, views }) => (
          <li key={value}>
            <span class="back" style={{ width: `${(views / most) * 100}%` }} aria-hidden="true" />
            {isMarked && (
              <span class="mark" aria-hidden="true">
                {value}
              </span>
            )}
            <span class="name" title={value}>
              {title ? title(value) : value}
            </span>
            <span class="views">{number(views)}</span>
            <span class="share">{share(views, total)}</span>
          </li>
        ))}
        {values?.length === 0 && <li class="none">No views in this window</li>}
      </ol>
      <p class="others">{others > 0 ? `${number(others)} views of others` : '\u00a0'}</p>
    </section>
  )
}
