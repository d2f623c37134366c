/** Who has a seat at an institution, who is nominated for one, taking seats back; and what licence the operator has. */
import { listInstitutions, listSeats, nominate, removeSeat } from '@bursar/contract'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Page, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useParam } from '../app/params.ts'
import { useChange, useRead } from '../app/read.ts'
import { day } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { EnterLicence, Licences } from './licences.tsx'
import { Nominations } from './nominations.tsx'
import { useWords } from './words.ts'

/** Which roles an institution of each kind can give. */
const rolesOf = {
  operator: ['reviewer', 'admin'],
  bank: ['custodian'],
  supervisor: ['supervisor'],
} as const
type Kind = keyof typeof rolesOf
type InstitutionId = `ins_${string}`

export default function Institution() {
  const say = useWords()
  const institution = useParam('institution')
  const { data } = useRead(listInstitutions, {})
  const known = data?.rows.find(one => one.id === institution)
  const { me } = useMe()
  const admin = me?.seats.some(seat => seat.role === 'admin') ?? false
  return (
    <Page
      title={known?.name ?? '\u00a0'}
      hint={known ? say(`kind.${known.kind}`) : '\u00a0'}
      back={
        admin
          ? { to: '/parties/institutions', label: say('institutions') }
          : { to: '/parties/me', label: say('me') }
      }
    >
      <Seats institution={institution} ends={admin} />
      <Nominations institution={institution} />
      <Licences />
      {known?.kind === 'operator' && admin ? <EnterLicence institution={institution} /> : null}
      {known && admin ? <Nominate institution={institution} kind={known.kind} /> : null}
    </Page>
  )
}

function Seats({ institution, ends }: { institution: InstitutionId; ends: boolean }) {
  const say = useWords()
  const app = useAppWords()
  const { me } = useMe()
  const read = useRead(listSeats, { params: { institution } })
  const remove = useChange(removeSeat)
  const rows = read.data?.rows
  return (
    <Section title={say('seats')}>
      <Failed error={read.error ?? remove.error} />
      {rows?.length === 0 ? <p className="fine padded">{say('noSeats')}</p> : null}
      {rows ? (
        <ul className="rows">
          {rows.map(one => (
            <li key={`${one.person}/${one.role}`} className="row">
              <span>
                <b>{one.name}</b>
                <span className="fine">
                  {app(`face.${one.role}`)} · {say('since', { at: day(one.givenAt) })}
                </span>
              </span>
              <span>
                {!ends || one.person === me?.person.id ? null : (
                  <Button
                    size="small"
                    aria-label={say('removeSeat', { name: one.name })}
                    onClick={() => remove.mutate({ params: { institution, person: one.person } })}
                  >
                    {say('remove')}
                  </Button>
                )}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <Bones rows={2} />
      )}
    </Section>
  )
}

function Nominate({ institution, kind }: { institution: InstitutionId; kind: Kind }) {
  const say = useWords()
  const app = useAppWords()
  const roles: readonly (typeof rolesOf)[Kind][number][] = rolesOf[kind]
  const [role, setRole] = useState(roles[0]!)
  const [login, setLogin] = useState('')
  const add = useChange(nominate, () => setLogin(''))
  const send = () => add.mutate({ params: { institution }, body: { login: login.trim(), role } })
  return (
    <Section title={say('nominateSomebody')}>
      <Form className="padded" send={send}>
        <Segmented
          className="after-field"
          aria-label={say('role')}
          value={role}
          onChange={setRole}
          options={roles.map(value => ({ value, label: app(`face.${value}`) }))}
        />
        <p className="fine">{say('nominateHint')}</p>
        <TextField label={say('seatLogin')} required value={login} change={setLogin} />
        <Button htmlType="submit" loading={add.isPending} disabled={!login.trim()}>
          {say('nominate')}
        </Button>
        <Failed error={add.error} />
      </Form>
    </Section>
  )
}
