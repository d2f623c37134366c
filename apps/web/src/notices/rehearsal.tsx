/** A rehearsal: the whole way from evidence to prompt, step by step, with the time that each took. */
import { readNotice, readNoticeHealth, rehearse, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { call } from '../app/call.ts'
import { Failed } from '../app/look/failed.tsx'
import { Section } from '../app/look/page.tsx'
import { useChange, useRead } from '../app/read.ts'
import { useDeskWords } from './desk-words.ts'

type Made = ReplyOf<typeof rehearse>
type Merchant = `mer_${string}`
/** Looked at twice a second for a minute: who has not got it by then is away. */
const [every, most] = [500, 60_000]

export function Rehearsal({ merchant }: { merchant: Merchant }) {
  const say = useDeskWords()
  const [began, setBegan] = useState(0)
  const make = useChange(rehearse)
  const start = () => {
    setBegan(Date.now())
    make.mutate({ params: { merchant }, body: {} })
  }
  return (
    <Section
      title={say('rehearse')}
      aside={
        <Button size="small" loading={make.isPending} onClick={start}>
          {say('rehearse')}
        </Button>
      }
    >
      <p className="fine padded">{say('rehearseHint')}</p>
      <Failed error={make.error} />
      {make.data ? (
        <Way key={make.data.notice} merchant={merchant} made={make.data} began={began} />
      ) : null}
    </Section>
  )
}

function Way({ merchant, made, began }: { merchant: Merchant; made: Made; began: number }) {
  const say = useDeskWords()
  const params = { merchant, notice: made.notice }
  const known = useRead(readNotice, { params }).data
  const { rows, has } = useWhoHas(merchant, made, began)
  const heard = known?.evidence[0]?.heardAt
  const since = (at: string | undefined) =>
    at && heard ? say('after', { count: new Date(at).getTime() - new Date(heard).getTime() }) : ''
  const waits = rows.some(({ id }) => !has.has(id))
  return (
    <div aria-live="polite">
      <ol className="way">
        <li>
          <span>{say('step.heard')}</span>
          <span className="fine">{since(heard)}</span>
        </li>
        <li>
          <span>{say('step.told', { seq: made.seq })}</span>
          <span className="fine">{since(known?.prompts[0]?.at)}</span>
        </li>
        {rows.map(({ id, name }) => {
          const at = has.get(id)
          return (
            <li key={id}>
              <span className={at === undefined ? 'state wait' : 'state good'}>
                {say(at === undefined ? 'step.waiting' : 'step.acked', { name })}
              </span>
              <span className="fine">
                {at === undefined ? '' : say('within', { count: Math.ceil(at / 1000) })}
              </span>
            </li>
          )
        })}
      </ol>
      {waits ? <p className="fine">{say('rehearsing')}</p> : null}
    </div>
  )
}

/** When each terminal said that it has the prompt, in milliseconds after the button. */
function useWhoHas(merchant: Merchant, { seq }: Made, began: number) {
  const [rows, setRows] = useState<ReplyOf<typeof readNoticeHealth>['rows']>([])
  const [has, setHas] = useState<ReadonlyMap<string, number>>(new Map())
  useEffect(() => {
    const look = async () => {
      const { rows: all } = await call(readNoticeHealth, { params: { merchant } })
      const told = all.filter(one => one.state === 'authorised')
      const got = told.filter(({ acked }) => BigInt(acked) >= BigInt(seq))
      const after = Date.now() - began
      setRows(told)
      setHas(was => new Map([...got.map(({ id }) => [id, after] as const), ...was]))
      if (got.length === told.length) clearInterval(timer)
    }
    const timer = setInterval(() => {
      if (Date.now() - began > most) clearInterval(timer)
      else void look().catch(() => undefined)
    }, every)
    return () => clearInterval(timer)
  }, [merchant, seq, began])
  return { rows, has }
}
