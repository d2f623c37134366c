/** A shop's own page: how its application stands, its outlets, its staff, and whether it confirms each spend. */
import { changeMerchant, readMerchant, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Switch } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useMe } from '../app/faces.ts'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { Outlets } from './outlets.tsx'
import { Staff } from './staff.tsx'
import { useWords } from './words.ts'

type Known = ReplyOf<typeof readMerchant>
type Shop = Known['merchant']

export default function Settings() {
  const say = useWords()
  const merchant = useParam('merchant')
  const { me } = useMe()
  const read = useRead(readMerchant, { params: { merchant } })
  const shop = read.data?.merchant
  const owner = me?.seats.some(seat => seat.organisation === merchant && seat.role === 'owner')
  return (
    <Page title={say('settings')} hint={shop?.name ?? '\u00a0'}>
      <Failed error={read.error} />
      {read.data ? <Standing known={read.data} /> : <Bones rows={3} />}
      {shop?.state === 'active' && owner ? <Confirms shop={shop} /> : null}
      <Outlets merchant={merchant} owner={owner ?? false} />
      {owner ? <Staff merchant={merchant} adds={shop?.state === 'active'} /> : null}
    </Page>
  )
}

const reasonOf = ({ steps }: Known): string => steps.findLast(step => step.reason)?.reason ?? '—'

function Standing({ known }: { known: Known }) {
  const say = useWords()
  const shop = known.merchant
  const { state } = shop
  return (
    <>
      {state === 'applicant' || state === 'rejected' || state === 'suspended' ? (
        <Notice tone={state === 'applicant' ? 'wait' : 'bad'}>
          <p>{say(`notice.${state}`, { reason: reasonOf(known) })}</p>
          {state === 'rejected' ? <Link to="/parties/apply">{say('applyAgain')}</Link> : null}
        </Notice>
      ) : null}
      <Pairs
        of={[
          [say('state'), <State key="state" is={state} />],
          [say('trade'), say(`trade.${shop.trade}`)],
          [say('licence'), shop.licence],
          [say('address'), shop.address],
          [
            say('payee'),
            shop.payee ? (
              <span key="payee">
                {shop.payee.name}
                <br />
                {shop.payee.bank}
                <br />
                {shop.payee.account}
              </span>
            ) : undefined,
          ],
        ]}
      />
    </>
  )
}

function Confirms({ shop }: { shop: Shop }) {
  const say = useWords()
  const change = useChange(changeMerchant)
  return (
    <Section>
      <label className="row">
        <span>
          <b>{say('confirms')}</b>
          <span className="fine">{say('confirmsHint')}</span>
        </span>
        <span>
          <Switch
            checked={shop.confirmsSpends}
            loading={change.isPending}
            onChange={confirmsSpends =>
              change.mutate({ params: { merchant: shop.id }, body: { confirmsSpends } })
            }
          />
        </span>
      </label>
      <Failed error={change.error} />
    </Section>
  )
}
