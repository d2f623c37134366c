/** How much to put in. The payment itself happens on the wallet's own page. */
import { readPurse, startBinding, startTopUp, type Money, type ReplyOf } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { useGatewayName } from '../app/gateways.ts'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { useListParams, useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { less, minor, spoken, typed } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { comeBackTo } from '../cashier/after.ts'
import { useWords as useCashierWords } from '../cashier/words.ts'
import { WalletChoice, useWallets } from './wallet-choice.tsx'
import { handOver } from './within.ts'
import { useWords } from './words.ts'

const offers = ['50.00', '100.00', '200.00', '300.00', '500.00', '1000.00'] as const

export default function TopUp() {
  const say = useWords()
  const navigate = useNavigate()
  const purse = useParam('purse')
  const read = useRead(readPurse, { params: { purse } })
  const wish = useWish(startTopUp, `top-up/${purse}`, async top => {
    if (top.payUrl) return location.assign(top.payUrl)
    if (top.call) await handOver(top.gateway, top.call)
    void navigate({ to: `/custody/top-ups/${top.id}` })
  })
  const mine = read.data
  const room = mine && roomOf(mine)
  const amount = useAmount('100', mine?.available.currency, room)
  const missing = useMissing(mine)
  useEffect(() => {
    if (missing) amount.set(enough(missing))
  }, [missing?.amount])
  const [chosen, choose] = useState<string>()
  const { wallets, how } = useWallets(chosen)
  const busy = wish.phase !== 'ready'
  const roomText = room && spoken(room)
  const problem = amount.over && roomText ? say('tooMuch', { amount: roomText }) : amount.wrong
  const send = () => {
    const returnUrl = `${location.origin}/custody/top-ups`
    if (!amount.good) return
    void wish.send({ params: { purse }, body: { amount: amount.good, returnUrl, ...how } })
  }
  return (
    <Page
      title={mine ? say('topUpTo', { name: mine.merchantName }) : say('topUp')}
      back={{ to: `/custody/purses/${purse}`, label: mine?.merchantName ?? say('purse') }}
    >
      <Failed error={read.error} />
      <Form send={send}>
        {missing ? (
          <Notice tone="wait">{say('missing', { amount: spoken(missing) })}</Notice>
        ) : null}
        <Offers chosen={amount.sum?.amount} choose={amount.set} busy={busy} />
        <Amount
          label={say('otherAmount')}
          value={amount.text}
          change={amount.set}
          currency={amount.currency}
          disabled={busy}
          hint={roomText && say('room', { amount: roomText })}
          problem={problem}
        />
        <WalletChoice wallets={wallets} chosen={how?.gateway} choose={choose} busy={busy} />
        <Notice>{say('risk')}</Notice>
        <Send wish={wish} ready={amount.good !== undefined}>
          {amount.sum ? say('goPay', { amount: spoken(amount.sum) }) : say('topUp')}
        </Send>
        <WishNotice wish={wish} />
        {how && wish.failure?.problem?.code === 'payer_not_bound' ? (
          <BindFirst purse={purse} gateway={how.gateway} />
        ) : null}
      </Form>
    </Page>
  )
}

/** Who comes from an order that the purse could not bear: what it lacks, by what is there now. */
function useMissing(mine: ReplyOf<typeof readPurse> | undefined): Money | undefined {
  const needs = typed(useListParams().needs ?? '', mine?.available.currency)
  if (!mine || !needs) return undefined
  const missing = less(needs, mine.available)
  return minor(missing) > 0n ? missing : undefined
}

/** The smallest of the offers that is enough, else the sum itself. */
function enough(missing: Money): string {
  const { currency } = missing
  const offer = offers.find(amount => minor({ amount, currency }) >= minor(missing))
  return (offer ?? missing.amount).replace('.00', '')
}

/** Once for all: who has bound the account pays with it from then on, and comes back here. */
function BindFirst({ purse, gateway }: { purse: `pur_${string}`; gateway: string }) {
  const cashier = useCashierWords()
  const named = useGatewayName()
  const start = useChange(startBinding, ({ url }) => {
    comeBackTo(purse, `/custody/purses/${purse}/top-up`)
    location.assign(url)
  })
  const returnUrl = `${location.origin}/cashier/purses/${purse}/bindings/${gateway}`
  return (
    <>
      <Button
        block
        size="large"
        loading={start.isPending || start.isSuccess}
        onClick={() => start.mutate({ params: { purse }, body: { gateway, returnUrl } })}
      >
        {cashier('bind', { name: named(gateway) })}
      </Button>
      <Failed error={start.error} />
    </>
  )
}

/** What the purse can still take before its ceiling. */
function roomOf({ ceiling, available, held }: ReplyOf<typeof readPurse>): Money {
  const left = less(less(ceiling, available), held)
  return minor(left) < 0n ? less(left, left) : left
}

type Choosing = { chosen: string | undefined; choose(text: string): void; busy: boolean }
function Offers({ chosen, choose, busy }: Choosing) {
  const say = useWords()
  return (
    <>
      <p className="fine">{say('howMuch')}</p>
      <div className="choices">
        {offers.map(offer => (
          <button
            key={offer}
            type="button"
            className="choice"
            disabled={busy}
            aria-pressed={chosen === offer}
            onClick={() => choose(offer.replace('.00', ''))}
          >
            {offer.replace('.00', '')}
          </button>
        ))}
      </div>
    </>
  )
}
