/** Who is nominated for which seat, and what the viewer may do about it: confirm, accept, decline, withdraw. */
import { decideNomination, listNominations, type Nomination } from '@bursar/contract'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useWords } from './words.ts'

type InstitutionId = `ins_${string}`

/** At one institution: what is open, and below it what became of the others. */
export function Nominations({ institution }: { institution: InstitutionId }) {
  const say = useWords()
  const read = useRead(listNominations, { query: { institution } })
  const rows = read.data?.rows
  const past = rows?.filter(one => one.state !== 'open') ?? []
  return (
    <>
      <Section title={say('nominations')}>
        <Failed error={read.error} again={() => void read.refetch()} />
        {rows ? <Open rows={rows} /> : read.error ? null : <Bones rows={1} />}
        {rows && !rows.some(one => one.state === 'open') ? (
          <p className="fine padded">{say('noNominations')}</p>
        ) : null}
      </Section>
      {past.length ? (
        <Section title={say('pastNominations')}>
          <ul className="rows">
            {past.map(one => (
              <Past key={one.id} one={one} />
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  )
}

/** Everywhere that concerns the viewer; nothing at all where nothing is open. */
export function OpenNominations() {
  const say = useWords()
  const read = useRead(listNominations, {})
  const rows = read.data?.rows.filter(one => one.state === 'open') ?? []
  return rows.length ? (
    <Section title={say('nominations')}>
      <Open rows={rows} named />
    </Section>
  ) : null
}

function Open({ rows, named }: { rows: readonly Nomination[]; named?: boolean }) {
  const decide = useChange(decideNomination)
  return (
    <>
      <ul className="rows">
        {rows
          .filter(one => one.state === 'open')
          .map(one => (
            <li key={one.id} className="row">
              <About one={one} named={named ?? false} />
              <span className="acts-row">
                {one.may.map(step => (
                  <Step
                    key={step}
                    step={step}
                    name={one.name}
                    busy={decide.isPending}
                    take={() => decide.mutate({ params: { nomination: one.id, step } })}
                  />
                ))}
              </span>
            </li>
          ))}
      </ul>
      <Failed error={decide.error} />
    </>
  )
}

function About({ one, named }: { one: Nomination; named: boolean }) {
  const say = useWords()
  const app = useAppWords()
  return (
    <span>
      <b>
        {one.name} · {app(`face.${one.role}`)}
        {named ? ` · ${one.institutionName}` : ''}
      </b>
      <span className="fine">
        {say('nominatedBy', { name: one.nominator, at: moment(one.nominatedAt) })}
      </span>
      <span className="fine">
        {one.acceptableFrom
          ? say('acceptableFrom', { at: moment(one.acceptableFrom) })
          : say('waitsForAnother')}
      </span>
    </span>
  )
}

type Act = { step: Nomination['may'][number]; name: string; busy: boolean; take(): void }
function Step({ step, name, busy, take }: Act) {
  const say = useWords()
  const gives = step === 'confirm' || step === 'accept'
  return (
    <Button
      size="small"
      type={gives ? 'primary' : 'default'}
      disabled={busy}
      aria-label={say(`nomination.${step}.of`, { name })}
      onClick={take}
    >
      {say(`nomination.${step}`)}
    </Button>
  )
}

function Past({ one }: { one: Nomination }) {
  const say = useWords()
  const app = useAppWords()
  const { ender = '', endedAt = one.nominatedAt, state } = one
  return (
    <li className="row">
      <span>
        <b>
          {one.name} · {app(`face.${one.role}`)}
        </b>
        <span className="fine">
          {say('nominatedBy', { name: one.nominator, at: moment(one.nominatedAt) })}
        </span>
        {state === 'open' ? null : (
          <span className="fine">
            {say(`nomination.${state}`, { name: ender, at: moment(endedAt) })}
          </span>
        )}
      </span>
    </li>
  )
}
