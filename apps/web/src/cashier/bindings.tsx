/** Whose platform account a purse is bound to: bound on the platform's own page, ended once the money is on its way back. */
import {
  listBindings,
  readPurse,
  startBinding,
  unbindPurse,
  type Money,
  type ReplyOf,
} from '@bursar/contract'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useGatewayName } from '../app/gateways.ts'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Empty, Notice, Page, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { memory, useChange, useRead } from '../app/read.ts'
import { added, minor, spoken } from '../app/sums.ts'
import { moment, time } from '../app/times.ts'
import { useWish } from '../app/wish.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Preview } from '../custody/withdraw.tsx'
import { useWords } from './words.ts'
import './order.css'

type Bound = ReplyOf<typeof listBindings>['rows'][number]
type Mine = ReplyOf<typeof readPurse>

export default function Bindings() {
  const say = useWords()
  const purse = useParam('purse')
  const own = useRead(readPurse, { params: { purse } })
  const read = useRead(listBindings, { params: { purse } })
  const mine = own.data
  const { rows = [], gateways = [], platformScope = false } = read.data ?? {}
  const all = [...new Set([...rows.map(one => one.gateway), ...gateways])]
  return (
    <Page
      title={say('bindings')}
      hint={mine ? say('bindingsHint', { name: mine.merchantName }) : '\u00a0'}
      back={{ to: `/custody/purses/${purse}`, label: mine?.merchantName ?? '\u00a0' }}
    >
      <Failed error={read.error ?? own.error} again={() => void read.refetch()} />
      {read.data && mine ? null : read.error ? null : <Bones rows={2} />}
      {read.data && all.length === 0 ? <Empty>{say('noBindings')}</Empty> : null}
      {mine && read.data
        ? all.map(gateway => (
            <Platform
              key={gateway}
              gateway={gateway}
              mine={mine}
              bound={rows.find(one => one.gateway === gateway)}
              offered={gateways.includes(gateway)}
              licensed={platformScope}
            />
          ))
        : null}
    </Page>
  )
}

type Shape = {
  gateway: string
  mine: Mine
  bound: Bound | undefined
  offered: boolean
  licensed: boolean
}

function Platform({ gateway, mine, bound, offered, licensed }: Shape) {
  const say = useWords()
  const named = useGatewayName()
  const [ending, end] = useState(false)
  const [sent, setSent] = useState<Money>()
  const name = named(gateway)
  return (
    <Section title={name}>
      <p className="padded">
        {bound ? (
          <>
            <b>{bound.name ?? say('boundUnnamed')}</b>{' '}
            <span className="fine">{say('boundSince', { at: moment(bound.boundAt) })}</span>{' '}
            {bound.scope === 'platform' ? (
              <span className="fine">{say('scope.platform')}</span>
            ) : null}
          </>
        ) : (
          say('notBound')
        )}
      </p>
      {bound?.scope === 'platform' && !licensed ? (
        <Notice tone="wait">{say('licenceEnded')}</Notice>
      ) : null}
      {sent && !bound ? (
        <Notice tone="good">
          {minor(sent) > 0n
            ? say('unboundSent', { name, amount: spoken(sent) })
            : say('unbound', { name })}
        </Notice>
      ) : null}
      {ending && bound ? (
        <Unbind
          {...{ gateway, mine, name }}
          close={back => {
            end(false)
            setSent(back)
          }}
        />
      ) : (
        <div className="order-acts padded">
          {offered ? <Go {...{ gateway, mine, name, bound, licensed }} /> : null}
          {bound ? <Button onClick={() => end(true)}>{say('unbindNamed', { name })}</Button> : null}
        </div>
      )}
    </Section>
  )
}

/**
 * To the platform's own page; it sends us back to `bound.tsx`. Another account with nothing in the purse, or once the
 * one that is bound was shown anew: the same visit, and the platform says whose it was.
 */
function Go({ gateway, mine, name, bound, licensed }: Omit<Shape, 'offered'> & { name: string }) {
  const say = useWords()
  const [asked, ask] = useState(bound?.scope ?? 'merchant')
  const scope = licensed ? asked : 'merchant'
  const start = useChange(startBinding, ({ url }) => location.assign(url))
  const whole = added([mine.available, mine.held])
  const full = bound !== undefined && !bound.openUntil && minor(whole) > 0n
  const returnUrl = `${location.origin}/cashier/purses/${mine.id}/bindings/${gateway}`
  return (
    <>
      {licensed ? (
        <Segmented
          aria-label={say('scope')}
          value={asked}
          onChange={ask}
          options={(['merchant', 'platform'] as const).map(value => ({
            value,
            label: say(`scope.${value}`),
          }))}
        />
      ) : null}
      <Button
        type={bound ? 'default' : 'primary'}
        loading={start.isPending || start.isSuccess}
        onClick={() =>
          start.mutate({ params: { purse: mine.id }, body: { gateway, scope, returnUrl } })
        }
      >
        {say(full ? 'showAnew' : bound ? 'rebind' : 'bind', { name })}
      </Button>
      {full ? <p className="fine">{say('rebindAtZero', { amount: spoken(whole) })}</p> : null}
      {bound?.openUntil ? (
        <p className="fine">{say('rebindUntil', { at: time(bound.openUntil) })}</p>
      ) : null}
      <Failed error={start.error} />
    </>
  )
}

type Ending = { gateway: string; mine: Mine; name: string; close(sent?: Money): void }

/** What goes back is shown part by part before anything moves. */
function Unbind({ gateway, mine, name, close }: Ending) {
  const say = useWords()
  const app = useAppWords()
  const params = { purse: mine.id, gateway }
  const wish = useWish(unbindPurse, `unbind/${mine.id}/${gateway}`, async () => {
    const sent = mine.available
    await memory.invalidateQueries()
    close(sent)
  })
  const holds = minor(mine.held) > 0n
  const left = minor(mine.available) > 0n
  return (
    <Form send={() => void wish.send({ params })}>
      {holds ? (
        <Notice tone="wait">{say('unbindHeld', { amount: spoken(mine.held) })}</Notice>
      ) : null}
      {left && !holds ? <Preview purse={mine.id} amount={undefined} /> : null}
      <div className="padded stack">
        <Send wish={wish} ready={!holds} danger>
          {left
            ? say('unbindNow', { amount: spoken(mine.available), name })
            : say('unbindNamed', { name })}
        </Send>
        <Button disabled={wish.phase === 'sending'} onClick={() => close()}>
          {app('cancel')}
        </Button>
      </div>
      <WishNotice wish={wish} />
    </Form>
  )
}
