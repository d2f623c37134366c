/** The tills of one outlet: where in it money is taken. The owner adds and closes them. */
import { addTill, closeTill, type Outlet } from '@bursar/contract'
import { Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
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
            <li key={one.id} className="row">
              <span>{one.name}</span>
              {owner ? <Close merchant={of.merchant} till={one} /> : null}
            </li>
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

function AddTill({ of, done }: { of: Outlet; done(): void }) {
  const say = useWords()
  const app = useAppWords()
  const [name, setName] = useState('')
  const add = useChange(addTill, done)
  const params = { merchant: of.merchant, outlet: of.id }
  return (
    <Form send={() => add.mutate({ params, body: { name: name.trim() } })}>
      <TextField
        label={say('tillName')}
        hint={say('tillHint')}
        required
        autoFocus
        maxLength={40}
        value={name}
        change={setName}
      />
      <div className="acts-row">
        <Button type="primary" htmlType="submit" disabled={!name.trim()} loading={add.isPending}>
          {say('addTill')}
        </Button>
        <Button onClick={done}>{app('cancel')}</Button>
      </div>
      <Failed error={add.error} />
    </Form>
  )
}
