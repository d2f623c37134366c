/** A text that another app shared: shown, and sent on to the paste page of the main that it is for. */
import { listOwnTerminals, type TerminalView } from '@bursar/contract'
import { Link, Navigate } from '@tanstack/react-router'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { useShared } from './kept-share.ts'
import { useWords } from './words.ts'
import './counter.css'

export default function Share() {
  const say = useWords()
  const text = useShared().shared?.text
  const read = useRead(listOwnTerminals, {})
  const mains = read.data?.rows.filter(one => one.kind === 'main' && one.state === 'authorised')
  const [only] = mains ?? []
  if (only && mains?.length === 1)
    return (
      <Navigate to="/notices/terminals/$terminal/paste" params={{ terminal: only.id }} replace />
    )
  return (
    <Page title={say('shareTitle')} hint={say('shareHint')}>
      <Failed error={read.error} again={() => void read.refetch()} />
      {text ? <blockquote className="shared">{text}</blockquote> : null}
      {mains?.length === 0 ? <Empty>{say('shareNoMain')}</Empty> : null}
      {mains ? <Mains of={mains} /> : read.error ? null : <Bones rows={2} />}
    </Page>
  )
}

function Mains({ of }: { of: readonly TerminalView[] }) {
  return (
    <ul className="rows">
      {of.map(({ id, name, merchantName }) => (
        <li key={id}>
          <Link to="/notices/terminals/$terminal/paste" params={{ terminal: id }} className="row">
            <span>
              <b>{merchantName}</b>
              <span className="fine">{name}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
