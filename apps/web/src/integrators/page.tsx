/** What a merchant's own web shop needs of its owner: keys to ask with, and addresses to be told at. */
import { Link } from '@tanstack/react-router'
import { Page } from '../app/look/page.tsx'
import { useParam } from '../app/params.ts'
import { Endpoints } from './endpoints.tsx'
import { Keys } from './keys.tsx'
import { useWords } from './words.ts'
import './integrators.css'

export default function Integrations() {
  const say = useWords()
  const merchant = useParam('merchant')
  return (
    <Page
      desk
      title={say('title')}
      hint={say('hint')}
      acts={
        <span className="links">
          <Link to="/integrators/merchants/$merchant/events" params={{ merchant }}>
            {say('log')}
          </Link>
          <a href="/docs">{say('docs')}</a>
        </span>
      }
    >
      <Keys merchant={merchant} />
      <Endpoints merchant={merchant} />
    </Page>
  )
}
