/** The terminals that one holds, at whichever merchants: somebody who serves several mains chooses here. */
import { listOwnTerminals, type TerminalView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { Authorisation } from './authorisation.tsx'
import { useWords } from './words.ts'

export default function Mine() {
  const say = useWords()
  const read = useRead(listOwnTerminals, {}, { every: 30_000 })
  const rows = read.data?.rows
  return (
    <Page
      title={say('mine')}
      hint={say('mineHint')}
      acts={<Link to="/notices/accept">{say('takeUp')}</Link>}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {rows?.length === 0 ? (
        <Empty act={<Link to="/notices/accept">{say('takeUp')}</Link>}>{say('mineEmpty')}</Empty>
      ) : null}
      {rows ? (
        <ul className="rows">
          {rows.map(one => (
            <Own key={one.id} terminal={one} />
          ))}
        </ul>
      ) : read.error ? null : (
        <Bones rows={3} />
      )}
    </Page>
  )
}

function Own({ terminal }: { terminal: TerminalView }) {
  const say = useWords()
  const { id, kind, name, merchantName, state } = terminal
  return (
    <li>
      <Link to="/notices/terminals/$terminal" params={{ terminal: id }} className="row">
        <span>
          <b>{merchantName}</b>
          <span className="fine">
            {name} · {say(`terminal.${kind}`)}
          </span>
        </span>
        <span>
          <Authorisation of={state} />
        </span>
      </Link>
    </li>
  )
}
