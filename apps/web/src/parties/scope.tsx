/** How far an issuer's balance is good: everybody at the desk sees it, an administrator widens it, once. */
import { readScope, widenScope } from '@bursar/contract'
import { Button, Popconfirm } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

export function Scope({ merchant, changes }: { merchant: `mer_${string}`; changes: boolean }) {
  const say = useWords()
  const app = useAppWords()
  const ask = { params: { merchant } }
  const { data: known, error } = useRead(readScope, ask)
  const widen = useChange(widenScope)
  const asked = () => widen.mutate({ ...ask, body: { scope: 'platform' } })
  return (
    <Section title={say('scope')}>
      <Failed error={error ?? widen.error} />
      {known ? (
        <p className="padded">
          <b>{say(`scope.${known.scope}`)}</b>
          {known.at ? <span className="fine"> {moment(known.at)}</span> : null}
        </p>
      ) : error ? null : (
        <Bones rows={1} />
      )}
      {known?.issuer ? (
        <Notice>{say('issuerIs', { name: known.issuer.name })}</Notice>
      ) : known?.scope === 'merchant' ? (
        <>
          <p className="fine">{say('scopeHint')}</p>
          {changes ? (
            <Popconfirm
              title={say('widenSure')}
              okText={say('widen')}
              cancelText={app('cancel')}
              onConfirm={asked}
            >
              <Button type="primary" loading={widen.isPending}>
                {say('widen')}
              </Button>
            </Popconfirm>
          ) : null}
        </>
      ) : null}
    </Section>
  )
}
