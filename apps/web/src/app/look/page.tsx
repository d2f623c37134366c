/** A page: its name, what can be done with it, its content. Everything else hangs below this. */
import { Link } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { Glyph } from './glyph.tsx'

type Shape = {
  title: string
  hint?: ReactNode
  acts?: ReactNode
  back?: { to: string; label: string } | undefined
  desk?: boolean
  children: ReactNode
}

export function Page({ title, hint, acts, back, desk, children }: Shape) {
  useEffect(() => {
    document.title = `${title} · Bursar`
  }, [title])
  return (
    <div className={desk ? 'page desk' : 'page'}>
      {back ? (
        <Link to={back.to} className="back">
          <Glyph name="back" size={16} />
          {back.label}
        </Link>
      ) : null}
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {hint ? <p>{hint}</p> : null}
        </div>
        {acts ? <div className="acts no-print">{acts}</div> : null}
      </div>
      {children}
    </div>
  )
}

type Part = { title?: string; aside?: ReactNode; children: ReactNode }
export function Section({ title, aside, children }: Part) {
  return (
    <section className="section">
      {title ? (
        <header>
          <h2>{title}</h2>
          {aside}
        </header>
      ) : null}
      {children}
    </section>
  )
}

/** Pairs of a name and a value; a pair without a value is left out. */
export function Pairs({ of }: { of: readonly (readonly [string, ReactNode, 'total'?])[] }) {
  return (
    <dl className="pairs">
      {of
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value, total]) => (
          <div key={name} className={total}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}

export const Empty = ({ children, act }: { children: ReactNode; act?: ReactNode }) => (
  <div className="empty">
    <p>{children}</p>
    {act}
  </div>
)

type Tone = 'good' | 'wait' | 'bad' | 'idle'
export const Notice = ({ tone = 'idle', children }: { tone?: Tone; children: ReactNode }) => (
  <div className={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    {children}
  </div>
)
