/** The tills of one outlet: where in it money is taken. The owner adds, renames and closes them. */
import { addTill, closeTill, renameTill, type Outlet } from '@bursar/contract'
import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

export function Tills({ of, owner }: { of: Outlet; owner: boolean }) {
  const say = useWords()
  const [adding, setAdding] = useState(false)
  const open = of.tills.filter(one => !one.closedAt)
  return (
    <div style={{ gridColumn: '1 / -1' }}>
      {open.length > 0 ? (
        <ul className="rows" aria-label={say('tillsOf', { outlet: of.name })}>
          {open.map(one => (
            <One key={one.id} {...{ merchant: of.merchant, till: one, owner }} />
          ))}
        </ul>
      ) : null}
      {adding ? <AddTill of={of} done={() => setAdding(false)} /> : null}
      {owner && !adding ? (
        <Button
          size="small"
          style={{ marginTop: 8 }}
          aria-label={say('addTillAt', { outlet: of.name })}
          onClick={() => setAdding(true)}
        >
          {say('addTill')}
        </Button>
      ) : null}
    </div>
  )
}

type Closing = { merchant: Outlet['merchant']; till: Outlet['tills'][number] }
function One({ merchant, till, owner }: Closing & { owner: boolean }) {
  const say = useWords()
  const [naming, setNaming] = useState(false)
  if (naming)
    return (
      <li className="row">
        <Rename {...{ merchant, till }} done={() => setNaming(false)} />
      </li>
    )
  return (
    <li className="row">
      <span>
        {till.name}
        {till.formerly?.map(one => (
          <span key={one.until} className="fine">
            {say('calledBefore', { ...one, until: moment(one.until) })}
          </span>
        ))}
      </span>
      {owner ? (
        <div style={{ display: 'flex', gap: 8 }}>
          <Button
            size="small"
            aria-label={say('renameTillNamed', { name: till.name })}
            onClick={() => setNaming(true)}
          >
            {say('renameTill')}
          </Button>
          <Close {...{ merchant, till }} />
        </div>
      ) : null}
    </li>
  )
}

function Close({ merchant, till }: Closing) {
  const say = useWords()
  const app = useAppWords()
  const close = useChange(closeTill)
  return (
    <>
      <Popconfirm
        title={say('closeTillText')}
        okText={say('closeTill')}
        cancelText={app('cancel')}
        onConfirm={() => close.mutate({ params: { merchant, till: till.id } })}
      >
        <Button
          size="small"
          aria-label={say('closeTillNamed', { name: till.name })}
          loading={close.isPending}
        >
          {say('closeTill')}
        </Button>
      </Popconfirm>
      <Failed error={close.error} />
    </>
  )
}

type Named = { merchant: Outlet['merchant']; till: Outlet['tills'][number]; done(): void }
function Rename({ merchant, till, done }: Named) {
  const say = useWords()
  const rename = useChange(renameTill, done)
  const send = (name: string) =>
    rename.mutate({ params: { merchant, till: till.id }, body: { name } })
  return <NameForm {...{ send, done, from: till.name, word: say('renameTill'), change: rename }} />
}

function AddTill({ of, done }: { of: Outlet; done(): void }) {
  const say = useWords()
  const add = useChange(addTill, done)
  const params = { merchant: of.merchant, outlet: of.id }
  const send = (name: string) => add.mutate({ params, body: { name } })
  return <NameForm {...{ send, done, from: '', word: say('addTill'), change: add }} />
}

type Naming = {
  from: string
  word: string
  send(name: string): void
  done(): void
  change: Pick<ReturnType<typeof useChange>, 'isPending' | 'error'>
}
function NameForm({ from, word, send, done, change: { isPending, error } }: Naming) {
  const say = useWords()
  const app = useAppWords()
  const [text, setText] = useState(from)
  const name = text.trim()
  return (
    <Form send={() => send(name)}>
      <TextField
        label={say('tillName')}
        hint={say('tillHint')}
        required
        autoFocus
        maxLength={40}
        value={text}
        change={setText}
      />
      <div className="acts-row">
        <Button type="primary" htmlType="submit" disabled={!name} loading={isPending}>
          {word}
        </Button>
        <Button onClick={done}>{app('cancel')}</Button>
      </div>
      <Failed error={error} />
    </Form>
  )
}
