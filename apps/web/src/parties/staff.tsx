import { addStaff, listStaff, removeStaff, type ReplyOf } from '@bursar/contract'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { day } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

type Member = ReplyOf<typeof listStaff>['rows'][number]

/** Only a merchant that trades `adds` people. */
export function Staff({ merchant, adds }: { merchant: `mer_${string}`; adds: boolean }) {
  const say = useWords()
  const app = useAppWords()
  const { me } = useMe()
  const read = useRead(listStaff, { params: { merchant } })
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Member>()
  return (
    <Section
      title={say('staff')}
      aside={
        adding || !adds ? null : (
          <Button size="small" onClick={() => setAdding(true)}>
            {say('addStaff')}
          </Button>
        )
      }
    >
      <Failed error={read.error} />
      {adding ? <AddStaff merchant={merchant} done={() => setAdding(false)} /> : null}
      {read.data ? (
        <ul className="rows">
          {read.data.rows.map(one => (
            <li key={`${one.person}/${one.role}`} className="row">
              <span>
                <b>{one.name}</b>
                <span className="fine">
                  {app(`face.${one.role}`)} · {say('since', { at: day(one.givenAt) })}
                </span>
              </span>
              <span>
                {one.person === me?.person.id ? null : (
                  <Button
                    size="small"
                    aria-label={say('removeStaff', { name: one.name })}
                    onClick={() => setLeaving(one)}
                  >
                    {say('remove')}
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
      ) : read.error ? null : (
        <Bones rows={1} />
      )}
      {read.data?.rows.length === 1 ? <p className="fine padded">{say('staffEmpty')}</p> : null}
      {leaving ? (
        <Leaving merchant={merchant} member={leaving} close={() => setLeaving(undefined)} />
      ) : null}
    </Section>
  )
}

type Leave = { merchant: `mer_${string}`; member: Member; close(): void }
function Leaving({ merchant, member, close }: Leave) {
  const say = useWords()
  const remove = useChange(removeStaff, close)
  const title = say('removeStaff', { name: member.name })
  return (
    <Modal
      open
      title={title}
      onCancel={close}
      okText={title}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={() => remove.mutate({ params: { merchant, person: member.person } })}
    >
      <p>{say('removeText')}</p>
      <Failed error={remove.error} />
    </Modal>
  )
}

function AddStaff({ merchant, done }: { merchant: `mer_${string}`; done(): void }) {
  const say = useWords()
  const [login, setLogin] = useState('')
  const add = useChange(addStaff, done)
  return (
    <form
      className="padded"
      onSubmit={event => {
        event.preventDefault()
        add.mutate({ params: { merchant }, body: { login, role: 'staff' } })
      }}
    >
      <Field label={say('staffLogin')}>
        {id => (
          <Input
            id={id}
            required
            autoFocus
            value={login}
            onChange={event => setLogin(event.target.value)}
          />
        )}
      </Field>
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {say('addStaff')}
      </Button>
      <Failed error={add.error} />
    </form>
  )
}
