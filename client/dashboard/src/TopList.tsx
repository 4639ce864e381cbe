import { useLayoutEffect, useRef } from 'preact/hooks'
import { number, share } from './format'
import { Link } from './Link'
import { coursePath } from './route'

interface TopListProps {
  courses: { course: string; views: number }[] | undefined
  total: number
  rows: number
  isStale: boolean
}

/** The courses with the most views. A course that overtakes another glides to its new place. */
export function TopList({ courses, total, rows, isStale }: TopListProps) {
  const list = useRef<HTMLOListElement>(null)
  useGliding(list, courses?.map((course) => course.course) ?? [])
  const most = courses?.[0]?.views ?? 0
  // In steps, so that the bars do not shift whenever a longer id comes in.
  const longest = Math.max(0, ...(courses ?? []).map((course) => course.course.length))
  const idWidth = Math.min(24, Math.max(8, Math.ceil(longest / 4) * 4))

  // A window that begins has few courses: the list keeps the height it had, so that nothing below it jumps.
  const highest = useRef(1)
  highest.current = Math.max(highest.current, courses?.length ?? 0)
  const style = { '--rows': highest.current, '--id-width': `${idWidth}ch` }

  if (courses?.length === 0) {
    return (
      <div class="top empty" style={style}>
        <p class="empty-title">No views in this window yet</p>
        <p>They appear here as soon as the log tells of one.</p>
      </div>
    )
  }

  return (
    <ol class={`top ${isStale ? 'stale' : ''}`} ref={list} style={style} aria-busy={courses === undefined}>
      {courses
        ? courses.map(({ course, views }, rank) => (
            <li key={course}>
              <span class="rank">{rank + 1}</span>
              <Link class="name" to={coursePath(course)}>
                {course}
              </Link>
              <span class="track" aria-hidden="true">
                <span class="fill" style={{ width: `${(views / most) * 100}%` }} />
              </span>
              <span class="views">{number(views)}</span>
              <span class="share">{share(views, total)}</span>
            </li>
          ))
        : Array.from({ length: rows }, (_, rank) => (
            <li key={rank} class="waiting" aria-hidden="true">
              <span class="rank">{rank + 1}</span>
              <span class="track">
                <span class="fill" style={{ width: `${100 / (1 + rank * 0.25)}%` }} />
              </span>
            </li>
          ))}
    </ol>
  )
}

/** Moves rows from where they were to where they are. */
function useGliding(list: { current: HTMLElement | null }, keys: string[]) {
  const before = useRef<string[]>([])
  useLayoutEffect(() => {
    const old = before.current
    before.current = keys
    if (old.length === 0 || list.current === null || matchMedia('(prefers-reduced-motion: reduce)').matches) return

    keys.forEach((key, place) => {
      const row = list.current!.children[place]
      const oldPlace = old.indexOf(key)
      if (oldPlace === place || !(row instanceof HTMLElement)) return
      const from = oldPlace < 0 ? { opacity: 0 } : { transform: `translateY(${(oldPlace - place) * row.offsetHeight}px)` }
      row.animate([from, {}], { duration: 450, easing: 'cubic-bezier(.2,.8,.2,1)' })
    })
  }, [keys.join('\n')])
}
