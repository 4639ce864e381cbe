import { useEffect, useRef, useState } from 'preact/hooks'
import { coursePath, go, isCourseId } from './route'

/** Opens a course by its id; the key / brings the reader here. */
export function SearchBox() {
  const input = useRef<HTMLInputElement>(null)
  const [fault, setFault] = useState('')

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      input.current?.focus()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])

  const submit = (event: Event) => {
    event.preventDefault()
    const text = input.current!.value.trim()
    if (text === '') return
    if (!isCourseId(text)) {
      setFault('No course can be called that: letters, digits and signs, without spaces, quotes and slashes.')
      return
    }
    input.current!.value = ''
    input.current!.blur()
    go(coursePath(text))
  }

  return (
    <form class="search" role="search" onSubmit={submit}>
      <label class="unseen" for="course">
        Open a course by its id
      </label>
      <input
        id="course"
        ref={input}
        type="search"
        placeholder="Open a course"
        autocomplete="off"
        spellcheck={false}
        maxLength={64}
        aria-describedby={fault ? 'course-fault' : undefined}
        aria-invalid={fault !== ''}
        onInput={() => setFault('')}
      />
      <kbd aria-hidden="true">/</kbd>
      {fault && (
        <p id="course-fault" class="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  )
}
