interface ChoiceProps<T extends string> {
  label: string
  name: string
  options: readonly (readonly [T, string])[]
  value: T
  onChoose: (value: T) => void
}

/** One of a few: radio buttons that look like one control. */
export function Choice<T extends string>({ label, name, options, value, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {options.map(([option, text]) => (
        <label key={option} class={option === value ? 'chosen' : undefined}>
          <input type="radio" name={name} value={option} checked={option === value} onChange={() => onChoose(option)} />
          {text}
        </label>
      ))}
    </fieldset>
  )
}

/** The option of that name, or the first one where an address names none that exists. */
export function optionOr<T extends string>(options: readonly (readonly [T, string])[], name: string | null, otherwise: T): T {
  return options.find(([option]) => option === name)?.[0] ?? otherwise
}
