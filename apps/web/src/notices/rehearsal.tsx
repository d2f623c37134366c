/** A rehearsal on a button: from evidence to prompt, with the time that it took. From whom it is back is the board's (came-back.tsx). */
import { readNotice, readNoticeHealth, rehearse, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Section } from '../app/look/page.tsx'
import { readAgain, useChange, useRead } from '../app/read.ts'
import { useOwner } from '../cashier/seats.tsx'
import { useDeskWords } from './desk-words.ts'

type Made = ReplyOf<typeof rehearse>
type Merchant = `mer_${string}`

export function Rehearsal({ merchant }: { merchant: Merchant }) {
  const say = useDeskWords()
  const make = useChange(rehearse, () => void readAgain(readNoticeHealth))
  return (
    <Section
      title={say('rehearse')}
      aside={
        <Button
          size="small"
          loading={make.isPending}
          onClick={() => make.mutate({ params: { merchant }, body: {} })}
        >
          {say('rehearse')}
        </Button>
      }
    >
      <p className="fine padded">{say('rehearseHint')}</p>
      <Failed error={make.error} />
      {make.data ? <Way merchant={merchant} made={make.data} /> : null}
    </Section>
  )
}

function Way({ merchant, made }: { merchant: Merchant; made: Made }) {
  const say = useDeskWords()
  const params = { merchant, notice: made.notice }
  const known = useRead(readNotice, { params }, { when: useOwner(merchant) }).data
  const heard = known?.evidence[0]?.heardAt
  const since = (at: string | undefined) =>
    at && heard ? say('after', { count: new Date(at).getTime() - new Date(heard).getTime() }) : ''
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
      </ol>
    </div>
  )
}
