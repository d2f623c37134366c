import type { ReactNode } from 'react'

type Shape = { send(): void; className?: string; children: ReactNode }

export const Form = ({ send, className, children }: Shape) => (
  <form
    className={className}
    onSubmit={event => {
      event.preventDefault()
      send()
    }}
  >
    {children}
  </form>
)
