import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Link } from './Link'
import type { Line } from './live'
import { SearchBox } from './SearchBox'

interface FrameProps {
  title: string
  line: Line
  children: ComponentChildren
  footer?: ComponentChildren
}

const words: Record<Line, string> = { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', missing: 'Waiting' }

/** What every view has: the bar at the top with the state of the line, the content, the line at the foot. */
export function Frame({ title, line, children, footer }: FrameProps) {
  useEffect(() => {
    document.title = title
  }, [title])

  return (
    <div class="frame">
      <a class="skip" href="#main">
        Skip to the numbers
      </a>
      <header class="bar">
        <Link class="brand" to="/">
          <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
            <rect x="1" y="12" width="5" height="9" rx="2.5" />
            <rect x="8.5" y="6" width="5" height="15" rx="2.5" />
            <rect x="16" y="1" width="5" height="20" rx="2.5" />
          </svg>
          Grains
        </Link>
        <SearchBox />
        <p class={`line ${line}`} role="status">
          <span class="dot" aria-hidden="true" />
          {words[line]}
        </p>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">{footer}</footer>
    </div>
  )
}
