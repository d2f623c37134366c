/** The desk of notices: its pages beside one another, above each of them. */
import { Link, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../app/look/page.tsx'
import { useOwner } from '../cashier/seats.tsx'
import { useDeskWords } from './desk-words.ts'
import './desk.css'

const pages = [
  ['nav.notices', ''],
  ['nav.evidence', '/evidence'],
  ['nav.terminals', '/terminals'],
  ['nav.health', '/health'],
  ['nav.nights', '/nights'],
  ['nav.requests', '/refund-requests'],
  ['nav.counters', '/counters'],
] as const
/** Without the owner's seat one looks after the counter: what came in stands at one's own terminal. */
const everybodys = ['/health', '/counters']

type Shape = {
  merchant: `mer_${string}`
  title: string
  hint: string
  acts?: ReactNode
  children: ReactNode
}
export function Desk({ merchant, title, hint, acts, children }: Shape) {
  const say = useDeskWords()
  const owner = useOwner(merchant)
  const { pathname } = useLocation()
  const home = `/notices/merchants/${merchant}`
  return (
    <Page desk title={title} hint={hint} {...(acts ? { acts } : {})}>
      <nav className="desk-nav no-print" aria-label={say('notices')}>
        {pages
          .filter(([, path]) => owner || everybodys.includes(path))
          .map(([word, path]) => (
            <Link
              key={path}
              to={`${home}${path}`}
              activeOptions={{ exact: true }}
              aria-current={pathname === `${home}${path}` ? 'page' : undefined}
            >
              {say(word)}
            </Link>
          ))}
      </nav>
      {children}
    </Page>
  )
}
