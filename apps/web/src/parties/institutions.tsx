/** The operator, the custodian banks and the supervisors: entered by an administrator. */
import { addInstitution, listInstitutions } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Page, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { day } from '../app/times.ts'
import { OpenNominations } from './nominations.tsx'
import { useWords } from './words.ts'

export default function Institutions() {
  const say = useWords()
  const read = useRead(listInstitutions, {})
  return (
    <Page title={say('institutions')} hint={say('institutionsHint')}>
      <OpenNominations />
      <Failed error={read.error} again={() => void read.refetch()} />
      {read.data ? (
        <ul className="rows">
          {read.data.rows.map(one => (
            <li key={one.id}>
              <Link
                to="/parties/institutions/$institution"
                params={{ institution: one.id }}
                className="row"
              >
                <span>
                  <b>{one.name}</b>
                  <span className="fine">{say(`kind.${one.kind}`)}</span>
                </span>
                <span className="fine">{day(one.foundedAt)}</span>
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        <Bones rows={3} />
      )}
      <Enter />
    </Page>
  )
}

function Enter() {
  const say = useWords()
  const [kind, setKind] = useState<'bank' | 'supervisor'>('bank')
  const [name, setName] = useState('')
  const add = useChange(addInstitution, () => setName(''))
  return (
    <Section title={say('addInstitution')}>
      <Form className="padded" send={() => add.mutate({ body: { kind, name: name.trim() } })}>
        <Segmented
          className="after-field"
          aria-label={say('kind')}
          value={kind}
          onChange={setKind}
          options={(['bank', 'supervisor'] as const).map(value => ({
            value,
            label: say(`kind.${value}`),
          }))}
        />
        <TextField
          label={say('institutionName')}
          required
          maxLength={80}
          value={name}
          change={setName}
        />
        <Button htmlType="submit" loading={add.isPending} disabled={!name.trim()}>
          {say('addInstitution')}
        </Button>
        <Failed error={add.error} />
      </Form>
    </Section>
  )
}
