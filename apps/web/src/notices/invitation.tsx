/** A code for ten minutes, as a QR that fills the screen and as letters to be typed; renewed when it is over. */
import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { Notice } from '../app/look/page.tsx'
import { Qr } from '../app/look/qr.tsx'
import { useDeskWords } from './desk-words.ts'

type Shape = {
  of: { code: string; url: string; expiresAt: string }
  hint: string
  renew(): void
  busy: boolean
}

export function Invitation({ of, hint, renew, busy }: Shape) {
  const say = useDeskWords()
  const left = useSeconds(of.expiresAt)
  const over = left <= 0
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  return (
    <div className="centre">
      <p className="soft">{hint}</p>
      {over ? (
        <Notice tone="wait">{say('inviteOver')}</Notice>
      ) : (
        <>
          <Qr text={new URL(of.url, location.origin).href} label={say('inviteQr')} size={280} />
          <p className="invite-code">{of.code}</p>
          <p className="fine" role="timer">
            {say('inviteLeft', { clock })}
          </p>
        </>
      )}
      <Button loading={busy} onClick={renew}>
        {say('inviteRenew')}
      </Button>
    </div>
  )
}

function useSeconds(until: string): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(tick)
  }, [until])
  return Math.max(0, Math.ceil((new Date(until).getTime() - now) / 1000))
}
