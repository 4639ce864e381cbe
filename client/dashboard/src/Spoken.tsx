import { useEffect, useRef, useState } from 'preact/hooks'

const everyMs = 60_000

/** Tells the numbers to a screen reader: once when they are there, then once a minute. */
export function Spoken({ text }: { text: string }) {
  const newest = useRef(text)
  newest.current = text
  const isKnown = text !== ''
  const [spoken, setSpoken] = useState('')
  useEffect(() => {
    if (!isKnown) return
    setSpoken(newest.current)
    const timer = setInterval(() => setSpoken(newest.current), everyMs)
    return () => clearInterval(timer)
  }, [isKnown])
  return (
    <p class="unseen" aria-live="polite">
      {spoken}
    </p>
  )
}
