/** Goods by time: what a plan costs, in words, and one tap to begin. */
import {
  listOwnTabs,
  openTab,
  readMenu,
  readPlace,
  readTab,
  startTimer,
  type Money,
  type ReplyOf,
} from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Section } from '../app/look/page.tsx'
import { readAgain, useChange } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { OrderNotice } from './order-notice.tsx'
import { withTops, type Tops } from './tops.ts'
import { useWords } from './words.ts'

type Plan = ReplyOf<typeof readMenu>['plans'][number]
type Shape = {
  plans: readonly Plan[]
  token: string
  purse: `pur_${string}`
  tops: Tops | undefined
}

export function Plans({ plans, token, purse, tops }: Shape) {
  const say = useWords()
  const navigate = useNavigate()
  const [needs, setNeeds] = useState<Money>()
  const sit = useChange(openTab)
  const wish = useWish(startTimer, `timer/${token}`, async ({ tab }) => {
    // What the menu read of the tab has no time yet.
    await readAgain(readTab)
    await navigate({ to: `/cashier/tabs/${tab}` })
  })
  const dated = wish.failure?.problem?.code === 'prices_changed'
  useEffect(() => {
    if (dated) void readAgain(readMenu, readPlace, listOwnTabs)
  }, [dated])
  if (plans.length === 0) return null
  const start = async ({ id: plan, base, baseMinutes, step, stepMinutes }: Plan) => {
    if (!tops) return
    const { serviceBps, taxBps } = tops
    setNeeds(withTops(minor(base) > 0n ? base : step, tops).total)
    const shown = { base, baseMinutes, step, stepMinutes, serviceBps, taxBps }
    const tab = await sit.mutateAsync({ params: { purse }, body: { token } }).catch(() => undefined)
    if (tab) await wish.send({ params: { tab: tab.id }, body: { plan, shown } })
  }
  return (
    <Section title={say('time')}>
      <Failed error={sit.error} />
      <OrderNotice wish={wish} purse={purse} needs={needs} />
      <ul className="rows">
        {plans.map(plan => (
          <li key={plan.id} className="row">
            <span>
              <b>{plan.name}</b>
              <PlanLine plan={plan} />
            </span>
            <Button
              aria-label={say('startNamed', { name: plan.name })}
              disabled={!tops || wish.phase !== 'ready' || sit.isPending}
              onClick={() => void start(plan)}
            >
              {say('startTime')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function PlanLine({ plan }: { plan: Plan }) {
  const say = useWords()
  const { base, baseMinutes: count, stepMinutes: step, night } = plan
  const then = { step, price: spoken(plan.step) }
  const words = night
    ? say('planNight', { amount: spoken(base), ...then })
    : minor(base) > 0n
      ? say('planBase', { amount: spoken(base), count, ...then })
      : say('planStep', then)
  return <span className="fine">{words}</span>
}
