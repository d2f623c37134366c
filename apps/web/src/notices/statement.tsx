/** A shop's own statement is taken in: chosen, seen what it would do, and only then done. */
import { takeStatement, type ReplyOf } from '@bursar/contract'
import { Button, Modal } from 'antd'
import { useRef, useState } from 'react'
import { listed } from '../app/language.ts'
import { Failed } from '../app/look/failed.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { Notice } from '../app/look/page.tsx'
import { useChange } from '../app/read.ts'
import { base64Of } from '../cashier/shrink.ts'
import { useOutletField } from '../custody/place-field.tsx'
import { platformName } from './platforms.ts'
import { useStatementWords } from './statement-words.ts'

const owners = ['wechat-pay', 'alipay', 'unionpay', 'bank'] as const
const bytesMost = 512 * 1024
type Platform = (typeof owners)[number]

type Merchant = `mer_${string}`
type Reply = ReplyOf<typeof takeStatement>

/** What was chosen, what it would do, and what it did. */
function useTaking(merchant: Merchant, outlet: `out_${string}` | undefined) {
  const [platform, setPlatform] = useState<Platform>('wechat-pay')
  const [file, setFile] = useState<File>()
  const look = useChange(takeStatement)
  const take = useChange(takeStatement)
  const send = async (data: Blob, preview: boolean) => {
    const said = { platform, preview, data: await base64Of(data), ...(outlet && { outlet }) }
    ;(preview ? look : take).mutate({ params: { merchant }, body: said })
  }
  const begin = (chosen?: File) => {
    look.reset()
    take.reset()
    setFile(chosen)
    if (chosen && chosen.size <= bytesMost) void send(chosen, true)
  }
  return {
    ...{ platform, file, begin },
    of(to: Platform) {
      begin()
      setPlatform(to)
    },
    isLarge: file !== undefined && file.size > bytesMost,
    error: look.error ?? take.error,
    looking: look.isPending,
    taking: take.isPending,
    told: look.data,
    done: take.data,
    confirm: () => file && void send(file, false),
  }
}

export function TakeStatement({ merchant }: { merchant: Merchant }) {
  const say = useStatementWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>{say('take')}</Button>
      {open ? <StatementBox merchant={merchant} close={() => setOpen(false)} /> : null}
    </>
  )
}

function StatementBox({ merchant, close }: { merchant: Merchant; close(): void }) {
  const say = useStatementWords()
  const outlet = useOutletField(merchant)
  const taking = useTaking(merchant, outlet.value)
  const { file, told, done } = taking
  return (
    <Modal open footer={null} title={say('take')} onCancel={close}>
      <p className="fine">{say('hint')}</p>
      <div className="after-field">
        <OneOf
          label={say('whose')}
          value={taking.platform}
          options={owners.map(one => [one, platformName(one)] as const)}
          change={taking.of}
        />
      </div>
      {outlet.field}
      <Chooser chosen={file} choose={taking.begin} busy={taking.looking} />
      {taking.isLarge ? <Notice tone="bad">{say('tooLarge')}</Notice> : null}
      <Failed error={taking.error} />
      {told ? <Told of={done ?? told} /> : null}
      {done ? (
        <>
          <Notice tone="good">{say('done')}</Notice>
          <Button block onClick={close}>
            {say('close')}
          </Button>
        </>
      ) : told ? (
        <Button
          type="primary"
          block
          disabled={told.rows === 0}
          loading={taking.taking}
          onClick={taking.confirm}
        >
          {say('confirm')}
        </Button>
      ) : null}
    </Modal>
  )
}

type Choosing = { chosen: File | undefined; choose(file?: File): void; busy: boolean }

function Chooser({ chosen, choose, busy }: Choosing) {
  const say = useStatementWords()
  const input = useRef<HTMLInputElement>(null)
  return (
    <p className="acts-row after-field">
      <input
        ref={input}
        className="unseen"
        type="file"
        tabIndex={-1}
        aria-label={say('choose')}
        accept=".csv,.txt,text/csv,text/plain"
        onChange={event => {
          choose(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button loading={busy} onClick={() => input.current?.click()}>
        {say(chosen ? 'other' : 'choose')}
      </Button>
      {chosen ? <span className="fine">{chosen.name}</span> : null}
    </p>
  )
}

function Told({ of }: { of: Reply }) {
  const say = useStatementWords()
  const { rows, others, older, unread, unreadAll, outcomes } = of
  const counts = [
    ['contradicts', outcomes.contradicts],
    ['raised', outcomes.raised],
    ['new', outcomes.new],
    ['filtered', outcomes.filtered],
    ['older', older],
    ['others', others],
  ] as const
  const lines = unread.map(({ line, why }) => say('line', { line, why: say(`why.${why}`) }))
  return (
    <div className="after-field" role="status">
      <p>
        <b>{say('rows', { count: rows })}</b>
      </p>
      <ul>
        {counts
          .filter(([, count]) => count > 0)
          .map(([key, count]) => (
            <li key={key}>{say(key, { count })}</li>
          ))}
      </ul>
      {unreadAll > 0 ? (
        <Notice tone="bad">{say('unread', { count: unreadAll, lines: listed(lines) })}</Notice>
      ) : null}
    </div>
  )
}
