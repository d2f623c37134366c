/** The consumer's home: what do I have, where, is it safe. */
import { listPurses } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Glyph } from '../app/look/glyph.tsx'
import { Empty, Page, Section } from '../app/look/page.tsx'
import { Bones, Figure, Sum } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { added } from '../app/sums.ts'
import { useWords } from './words.ts'

export default function Purses() {
  const say = useWords()
  const navigate = useNavigate()
  const read = useRead(listPurses, {}, { every: 10_000 })
  const rows = read.data?.rows
  if (rows?.length === 0) return <NoPurses />
  return (
    <Page title={say('purses')}>
      <p className="fine">
        {say('total')}
        {rows ? ` · ${say('inPurses', { count: rows.length })}` : ''}
      </p>
      <Figure great of={rows ? added(rows.map(one => one.available)) : undefined} />
      <p className="safe padded">
        <Glyph name="shield" />
        {say('safe')}
      </p>
      <div className="acts-row padded">
        <Button type="primary" size="large" onClick={() => void navigate({ to: '/custody/scan' })}>
          {say('pay')}
        </Button>
      </div>
      <Failed error={read.error} again={() => void read.refetch()} />
      <Section title={say('byMerchant')}>
        {rows ? (
          <ul className="rows">
            {rows.map(one => (
              <li key={one.id}>
                <Link to="/custody/purses/$purse" params={{ purse: one.id }} className="row">
                  <span>
                    <b>{one.merchantName}</b>
                    {one.scope === 'platform' ? (
                      <span className="fine">{say('everywhere')}</span>
                    ) : null}
                  </span>
                  <span>
                    <Sum of={one.available} className="row-figure" />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        ) : (
          <Bones />
        )}
      </Section>
    </Page>
  )
}

function NoPurses() {
  const say = useWords()
  const navigate = useNavigate()
  const find = (
    <Button type="primary" size="large" onClick={() => void navigate({ to: '/parties/merchants' })}>
      {say('findMerchants')}
    </Button>
  )
  return (
    <Page title={say('purses')}>
      <Empty act={find}>{say('noPurses')}</Empty>
    </Page>
  )
}
