import type { ComponentChildren } from 'preact'
import { go } from './route'

/** A link within the page: a plain click stays here, all others are the browser's. */
export function Link({ to, class: name, children }: { to: string; class?: string; children: ComponentChildren }) {
  const click = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return (
    <a href={to} class={name} onClick={click}>
      {children}
    </a>
  )
}
