/** Some of a few, ticked. */
import { Checkbox } from 'antd'

type Shape<T extends string> = {
  label: string
  all: readonly T[]
  ticked: readonly T[]
  word(one: T): string
  change(to: T[]): void
}

export function Ticks<T extends string>({ label, all, ticked, word, change }: Shape<T>) {
  return (
    <fieldset className="ticks">
      <legend>{label}</legend>
      {all.map(one => (
        <Checkbox
          key={one}
          checked={ticked.includes(one)}
          onChange={event =>
            change(all.filter(it => (it === one ? event.target.checked : ticked.includes(it))))
          }
        >
          {word(one)}
        </Checkbox>
      ))}
    </fieldset>
  )
}
