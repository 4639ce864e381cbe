import { useEffect, useState } from 'preact/hooks'

/** Where the reader is: the course of /courses/{id}, or the overview; and what stands behind the question mark. */
export interface Route {
  course: string | null
  query: URLSearchParams
}

const changed = 'grains:route'

export const coursePath = (course: string) => `/courses/${encodeURIComponent(course)}`

/** Whether a course could be called this; the rule is the server's. */
export const isCourseId = (text: string) => /^[!-~]{1,64}$/.test(text) && !/["/\\]/.test(text)

function read(): Route {
  // An address after the # is one that somebody kept from elsewhere: it becomes the plain one.
  if (location.hash.startsWith('#/')) history.replaceState(null, '', location.hash.slice(1))
  const match = /^\/courses\/([^/]+)\/?$/.exec(location.pathname)
  return { course: match ? decode(match[1]!) : null, query: new URLSearchParams(location.search) }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Goes to another address of this page. */
export function go(path: string) {
  history.pushState(null, '', path)
  scrollTo(0, 0)
  dispatchEvent(new Event(changed))
}

/** Notes a choice in the address, so that it can be kept or sent; the way back does not grow. */
export function choose(name: string, value: string) {
  const query = new URLSearchParams(location.search)
  query.set(name, value)
  history.replaceState(null, '', `${location.pathname}?${query}`)
  dispatchEvent(new Event(changed))
}

export function useRoute(): Route {
  const [route, setRoute] = useState(read)
  useEffect(() => {
    const update = () => setRoute(read())
    const events = ['popstate', 'hashchange', changed]
    events.forEach((event) => addEventListener(event, update))
    return () => events.forEach((event) => removeEventListener(event, update))
  }, [])
  return route
}
