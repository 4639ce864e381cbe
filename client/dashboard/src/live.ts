import { useEffect, useState } from 'preact/hooks'

/** How the line to the server stands. `missing`: it answers, and knows nothing of what was asked. */
export type Line = 'connecting' | 'live' | 'reconnecting' | 'missing'

export interface Live<T> {
  /** The newest answer; the last one known while the line is down. */
  answer: T | null
  line: Line
}

const retryAfterMs = 2_000
/** The server tells every 15 s that it is there. */
const silenceMs = 40_000

/**
 * Listens to server-sent events named `event` at `url`, for as long as the page is seen.
 * `plain` answers the same question once; it is asked whether there is such a thing when the stream is refused.
 */
export function useLive<T>(url: string, event: string, plain?: string): Live<T> {
  const [live, setLive] = useState<Live<T> & { url: string }>({ url, answer: null, line: 'connecting' })

  useEffect(() => {
    let source: EventSource | null = null
    let timer = 0
    const set = (line: Line, answer?: T) =>
      setLive((before) => ({ url, line, answer: answer ?? (line === 'missing' || !sameSubject(before.url, url) ? null : before.answer) }))

    const later = (act: () => void, ms: number) => {
      clearTimeout(timer)
      timer = window.setTimeout(act, ms)
    }

    const open = () => {
      source?.close()
      const opened = (source = new EventSource(url))
      const heard = () => later(open, silenceMs)
      heard()
      opened.addEventListener(event, (message) => {
        heard()
        set('live', JSON.parse(message.data) as T)
      })
      opened.addEventListener('alive', () => {
        heard()
        set('live')
      })
      opened.onerror = () => {
        if (opened !== source) return
        set('reconnecting')
        // Order matters: a closed stream was refused, and only an ordinary question tells why.
        if (opened.readyState !== EventSource.CLOSED) return
        later(open, retryAfterMs)
        if (plain === undefined) return
        fetch(plain).then(
          (response) => opened === source && response.status === 404 && set('missing'),
          () => {},
        )
      }
    }

    const close = () => {
      clearTimeout(timer)
      source?.close()
      source = null
    }

    const seen = () => (document.hidden ? close() : open())
    setLive((before) => (sameSubject(before.url, url) ? before : { url, answer: null, line: 'connecting' }))
    seen()
    document.addEventListener('visibilitychange', seen)
    addEventListener('online', open)
    return () => {
      close()
      document.removeEventListener('visibilitychange', seen)
      removeEventListener('online', open)
    }
  }, [url, event, plain])

  return sameSubject(live.url, url) ? live : { answer: null, line: 'connecting' }
}

/** Another window of the same course may show the old numbers until the new ones are there; another course may not. */
const sameSubject = (one: string, other: string) => one.split('?')[0] === other.split('?')[0]
