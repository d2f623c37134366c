import { addOutlet, listOutlets } from '@bursar/contract'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { Tills } from './tills.tsx'
import { useWords } from './words.ts'

type Shape = { merchant: `mer_${string}`; owner: boolean }
export function Outlets({ merchant, owner }: Shape) {
  const say = useWords()
  const read = useRead(listOutlets, { params: { merchant } })
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title={say('outlets')}
      aside={
        owner && !adding ? (
          <Button size="small" onClick={() => setAdding(true)}>
            {say('addOutlet')}
          </Button>
        ) : null
      }
    >
      <Failed error={read.error} />
      {adding ? <AddOutlet merchant={merchant} done={() => setAdding(false)} /> : null}
      {read.data ? (
        <ul className="rows">
          {read.data.rows.map(one => (
            <li key={one.id} className="row">
              <span>
                <b>{one.name}</b>
                <span className="fine">{one.address}</span>
              </span>
              <Tills of={one} owner={owner} />
            </li>
          ))}
        </ul>
      ) : read.error ? null : (
        <Bones rows={1} />
      )}
      {read.data?.rows.length === 0 && !adding ? (
        <p className="fine padded">{say('outletsEmpty')}</p>
      ) : null}
    </Section>
  )
}

function AddOutlet({ merchant, done }: { merchant: `mer_${string}`; done(): void }) {
  const say = useWords()
  const [name, setName] = useState('')
  const [address, setAddress] = useState('')
  const add = useChange(addOutlet, done)
  return (
    <form
      className="padded"
      onSubmit={event => {
        event.preventDefault()
        add.mutate({ params: { merchant }, body: { name, address } })
      }}
    >
      <Field label={say('outletName')}>
        {id => (
          <Input
            id={id}
            required
            autoFocus
            maxLength={60}
            value={name}
            onChange={event => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={say('address')}>
        {id => (
          <Input
            id={id}
            required
            maxLength={200}
            value={address}
            onChange={event => setAddress(event.target.value)}
          />
        )}
      </Field>
      <Button type="primary" htmlType="submit" loading={add.isPending}>
        {say('addOutlet')}
      </Button>
      <Failed error={add.error} />
    </form>
  )
}
