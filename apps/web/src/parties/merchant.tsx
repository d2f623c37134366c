/** A merchant as a consumer meets it: who it is, and joining it. */
import { joinMerchant, listPurses, readMerchant } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Glyph } from '../app/look/glyph.tsx'
import { Page, Pairs } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Bone, Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { useWords } from './words.ts'

export default function Merchant() {
  const say = useWords()
  const navigate = useNavigate()
  const merchant = useParam('merchant')
  const read = useRead(readMerchant, { params: { merchant } })
  const purses = useRead(listPurses, {})
  const join = useChange(
    joinMerchant,
    purse => void navigate({ to: `/custody/purses/${purse.id}` }),
  )
  const mine = purses.data?.rows.find(one => one.merchant === merchant)
  const shop = read.data?.merchant
  return (
    <Page title={shop?.name ?? ''} back={{ to: '/parties/merchants', label: say('directory') }}>
      <Failed error={read.error ?? join.error} />
      {shop ? (
        <Pairs
          of={[
            [say('trade'), say(`trade.${shop.trade}`)],
            [say('address'), shop.address],
            [say('state'), <State key="state" is={shop.state} />],
          ]}
        />
      ) : (
        <Bones rows={3} />
      )}
      <div className="stack padded">
        <p className="safe">
          <Glyph name="shield" />
          {say('joinHint')}
        </p>
        {mine ? (
          <Button
            type="primary"
            size="large"
            onClick={() => void navigate({ to: `/custody/purses/${mine.id}` })}
          >
            {say('openPurse')}
          </Button>
        ) : (
          <Button
            type="primary"
            size="large"
            disabled={shop?.state !== 'active' || !purses.data}
            loading={join.isPending}
            onClick={() => join.mutate({ params: { merchant } })}
          >
            {shop ? say('join', { name: shop.name }) : <Bone />}
          </Button>
        )}
      </div>
    </Page>
  )
}
