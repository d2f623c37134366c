/** A one-time code for the merchant to scan. It lives 60 s; a new one comes by itself while the page is looked at. */
import { issueCode, purseStatement, readPurse } from '@bursar/contract'
import { Button } from 'antd'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { call, Failure } from '../app/call.ts'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { Bone, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { uuid7 } from '../app/uuid.ts'
import { useWords } from './words.ts'

const life = 60_000

type Code = { code: string; until: number }

export default function PaymentCode() {
  const say = useWords()
  const purse = useParam('purse')
  const { data: mine } = useRead(readPurse, { params: { purse } }, { every: 3000 })
  const { code, since, seconds, failure, renew } = useCode(purse)
  const paid = useCharged(purse, since)
  const name = mine?.merchantName ?? ''
  return (
    <Page
      title={say('code')}
      back={{ to: `/custody/purses/${purse}`, label: name || say('purse') }}
    >
      <div className="centre">
        <p className="soft one-line">{name ? say('codeFor', { name }) : ''}</p>
        {code ? <Qr text={code.code} label={say('code')} /> : <span className="qr blank-code" />}
        <p className="code-digits">{code ? spaced(code.code) : <Bone width="10em" />}</p>
        <div className="bar" role="timer" aria-label={`${seconds} s`}>
          <span style={{ transform: `scaleX(${seconds / 60})` }} />
        </div>
        <p className="fine">{say('codeHint', { seconds })}</p>
        <p className="fine">{say('codeWarn')}</p>
        <p className="one-line">
          {say('balance')} <Sum of={mine?.available} />
        </p>
        <Button onClick={renew}>{say('newCode')}</Button>
      </div>
      {paid ? <Notice tone="good">{say('codeUsed')}</Notice> : null}
      <Failed error={failure} again={renew} />
    </Page>
  )
}

const spaced = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ')

function useCode(purse: `pur_${string}`) {
  const [code, setCode] = useState<Code>()
  const [since, setSince] = useState<number>()
  const [now, setNow] = useState(() => Date.now())
  const [failure, setFailure] = useState<Failure>()
  const asking = useRef(false)
  const renew = () => {
    if (asking.current) return
    asking.current = true
    setFailure(undefined)
    call(issueCode, { params: { purse } }, { key: uuid7() })
      .then(made => {
        setCode({ code: made.code, until: Date.now() + lifeOf(made.expiresAt) })
        setSince(first => first ?? Date.parse(made.expiresAt) - life)
      })
      .catch((error: unknown) => error instanceof Failure && setFailure(error))
      .finally(() => {
        asking.current = false
      })
  }
  const tick = useEffectEvent(() => {
    setNow(Date.now())
    const due = !code || Date.now() >= code.until
    if (due && !failure && document.visibilityState === 'visible') renew()
  })
  useEffect(() => {
    tick()
    const clock = setInterval(() => tick(), 1000)
    return () => clearInterval(clock)
  }, [])
  const seconds = code ? Math.max(0, Math.min(60, Math.round((code.until - now) / 1000))) : 60
  return { code, since, seconds, failure, renew }
}

/** Never more than 60 s, whatever the phone's clock says. */
const lifeOf = (expiresAt: string): number =>
  Math.max(5_000, Math.min(life, Date.parse(expiresAt) - Date.now()))

/**
 * Whether a till has taken money since the first code was issued, by the server's clock: the balance says it badly, as
 * the page may open with an old one.
 */
function useCharged(purse: `pur_${string}`, since: number | undefined): boolean {
  const ask = { params: { purse }, query: { limit: 5 } }
  const { data } = useRead(purseStatement, ask, { every: 3000, when: since !== undefined })
  return data?.rows.some(line => line.event === 'charge' && Date.parse(line.at) >= since!) ?? false
}
