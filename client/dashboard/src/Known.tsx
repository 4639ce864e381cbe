/** A number or a time; a faint dash until it is known. */
export function Known({ text }: { text: string | undefined }) {
  return text === undefined ? <span class="unknown">{'\u2013'}</span> : <>{text}</>
}
