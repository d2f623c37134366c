import { changePassword, endSession, listSessions } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { facesOf, useMe, type Face } from '../app/faces.ts'
import { useLanguage } from '../app/i18n.ts'
import type { Language } from '../app/language.ts'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Notice, Page, Pairs, Section } from '../app/look/page.tsx'
import { Bone, Bones } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { useLook, type Choice } from '../app/theme.tsx'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { deviceOf } from './device.ts'
import { freshStart } from './fresh.ts'
import { OpenNominations } from './nominations.tsx'
import { useWords } from './words.ts'

export default function MyAccount() {
  const say = useWords()
  const app = useAppWords()
  const navigate = useNavigate()
  const { me } = useMe()
  const leave = useChange(endSession, () => {
    freshStart()
    void navigate({ to: '/' })
  })
  const person = me?.person
  return (
    <Page
      title={say('me')}
      acts={
        <Button onClick={() => leave.mutate({ params: { session: 'current' } })}>
          {app('signOut')}
        </Button>
      }
    >
      <Section title={say('myDetails')}>
        <Pairs
          of={[
            [say('name'), person?.name ?? <Bone />],
            [say('phone'), person?.phone],
            [say('email'), person?.email],
            [
              say('mySeats'),
              me
                ? facesOf(me).map(face => (
                    <div key={face.id}>
                      <SeatName face={face} />
                    </div>
                  ))
                : null,
            ],
          ]}
        />
      </Section>
      <OpenNominations />
      <Display />
      <Sessions />
      <Password />
      <Section>
        <Link to="/notices/terminals">{say('counters')}</Link>
      </Section>
      <Section>
        <p className="fine">{say('openShopHint')}</p>
        <Link to="/parties/apply">{say('openShop')}</Link>
      </Section>
    </Page>
  )
}

/** A seat at an institution leads to who else sits there. */
function SeatName({ face: { role, organisation, name } }: { face: Face }) {
  const app = useAppWords()
  const text = `${name ? `${name} · ` : ''}${app(`face.${role}`)}`
  return organisation?.startsWith('ins_') ? (
    <Link to="/parties/institutions/$institution" params={{ institution: organisation }}>
      {text}
    </Link>
  ) : (
    text
  )
}

function Display() {
  const say = useWords()
  const app = useAppWords()
  const { language, speak } = useLanguage()
  const { choice, choose } = useLook()
  return (
    <Section title={say('appearance')}>
      <Pairs
        of={[
          [
            app('language'),
            <Segmented<Language>
              key="language"
              aria-label={app('language')}
              value={language}
              onChange={speak}
              options={[
                { value: 'zh-CN', label: '中文' },
                { value: 'en', label: 'English' },
              ]}
            />,
          ],
          [
            app('look'),
            <Segmented<Choice>
              key="look"
              aria-label={app('look')}
              value={choice}
              onChange={choose}
              options={(['system', 'light', 'dark'] as const).map(value => ({
                value,
                label: app(`look.${value}`),
              }))}
            />,
          ],
        ]}
      />
    </Section>
  )
}

function Sessions() {
  const say = useWords()
  const read = useRead(listSessions, {})
  const end = useChange(endSession)
  return (
    <Section title={say('sessions')} aside={<small className="soft">{say('sessionsHint')}</small>}>
      <Failed error={read.error ?? end.error} />
      {read.data ? (
        <ul className="rows">
          {read.data.rows.map(one => (
            <li key={one.id} className="row">
              <span>
                <b>{deviceOf(one.agent)}</b>
                <span className="fine">
                  {one.address} · {say('lastSeen', { at: moment(one.seenAt) })}
                </span>
              </span>
              <span>
                {one.current ? (
                  <small className="soft">{say('thisDevice')}</small>
                ) : (
                  <Button
                    size="small"
                    aria-label={`${say('end')} ${deviceOf(one.agent)}`}
                    onClick={() => end.mutate({ params: { session: one.id } })}
                  >
                    {say('end')}
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

function Password() {
  const say = useWords()
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const change = useChange(changePassword, () => {
    setOld('')
    setFresh('')
  })
  const field = (label: string, value: string, put: (text: string) => void, kind: string) => (
    <Field label={label} {...(kind === 'new-password' ? { hint: say('passwordHint') } : {})}>
      {(id, by) => (
        <Input.Password
          id={id}
          aria-describedby={by}
          required
          autoComplete={kind}
          value={value}
          onChange={event => put(event.target.value)}
        />
      )}
    </Field>
  )
  return (
    <Section title={say('changePassword')}>
      <form
        className="form-narrow padded"
        onSubmit={event => {
          event.preventDefault()
          change.mutate({ body: { old, new: fresh } })
        }}
      >
        {field(say('oldPassword'), old, setOld, 'current-password')}
        {field(say('newPassword'), fresh, setFresh, 'new-password')}
        <Button htmlType="submit" loading={change.isPending}>
          {say('changePassword')}
        </Button>
        <Failed error={change.error} />
        {change.isSuccess ? <Notice tone="good">{say('passwordChanged')}</Notice> : null}
      </form>
    </Section>
  )
}
