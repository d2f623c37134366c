/** A labelled field. What is wrong is said under it, in the place where the hint stood. */
import { useId, type ReactNode } from 'react'

type Shape = {
  label: string
  hint?: ReactNode
  problem?: string | undefined
  children: (id: string, describedBy: string) => ReactNode
}

export function Field({ label, hint, problem, children }: Shape) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id, `${id}-hint`)}
      <p id={`${id}-hint`} className={problem ? 'field-hint wrong' : 'field-hint'}>
        {problem ?? hint ?? '\u00a0'}
      </p>
    </div>
  )
}
