/** The health board: who listens, who is silent, how old the last real payment is; and the whole way, tried. */
import { readNoticeHealth, type ReplyOf } from '@bursar/contract'
import { Failed } from '../app/look/failed.tsx'
import { Empty, Notice, Pairs, Section } from '../app/look/page.tsx'
import { Rows } from '../app/look/listing.tsx'
import { Bones } from '../app/look/sum.tsx'
import { Table } from '../app/look/table.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { time } from '../app/times.ts'
import { useWide } from '../app/wide.ts'
import { useAge } from './age.ts'
import { Authorisation } from './authorisation.tsx'
import { CameBack } from './came-back.tsx'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'
import { OpenScreen } from './open-screen.tsx'
import { Rehearsal } from './rehearsal.tsx'
import { useWords } from './words.ts'

type Health = ReplyOf<typeof readNoticeHealth>
type Row = Health['rows'][number]
const codes = [
  'main_silent',
  'device_silent',
  'zone_without_speaker',
  'nobody_is_told',
  'no_receipt_today',
  'rehearsal_not_back',
  'rehearsal_missed',
  'entry_set_aside',
] as const
const isCode = (code: string): code is (typeof codes)[number] => codes.some(one => one === code)

export default function HealthBoard() {
  const say = useDeskWords()
  const merchant = useParam('merchant')
  const read = useRead(readNoticeHealth, { params: { merchant } }, { every: 5000, keep: true })
  const known = read.data
  return (
    <Desk
      merchant={merchant}
      title={say('health')}
      hint={say('healthHint')}
      acts={<OpenScreen merchant={merchant} />}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {known ? (
        <>
          <Alarms of={known} />
          <Last of={known} />
          <Rehearsal merchant={merchant} />
          {known.rehearsal ? <CameBack of={known.rehearsal} /> : null}
          <Section title={say('terminals')}>
            <Board rows={known.rows} />
          </Section>
        </>
      ) : read.error ? null : (
        <Bones rows={6} />
      )}
    </Desk>
  )
}

function Alarms({ of: { alarms, rows } }: { of: Health }) {
  const say = useDeskWords()
  const nameOf = (terminal: string | undefined) =>
    rows.find(({ id }) => id === terminal)?.name ?? ''
  if (alarms.length === 0) return <Notice tone="good">{say('noAlarms')}</Notice>
  return alarms.map(({ code, terminal, zone, counter }) => (
    <Notice key={`${code}/${terminal ?? zone ?? counter ?? ''}`} tone="bad">
      {isCode(code)
        ? say(`alarm.${code}`, { name: counter ?? nameOf(terminal), zone: zone ?? '' })
        : code}
    </Notice>
  ))
}

function Last({ of: { lastRealAt, lastRehearsalAt } }: { of: Health }) {
  const say = useDeskWords()
  const age = useAge()
  const of = (at: string | undefined) => (at ? say('ago', { what: age(at) }) : say('never'))
  return (
    <Pairs
      of={[
        [say('lastReal'), of(lastRealAt)],
        [say('lastRehearsal'), of(lastRehearsalAt)],
      ]}
    />
  )
}

function Alive({ of }: { of: Row }) {
  const say = useDeskWords()
  if (of.state !== 'authorised') return <Authorisation of={of.state} />
  if (of.goneAt) return <span className="state bad">{say('goneAt', { at: time(of.goneAt) })}</span>
  if (!of.seenAt) return <span className="state idle">{say('neverSeen')}</span>
  if (!of.silent && isCloudAway(of)) return <span className="state bad">{say('cloudAway')}</span>
  return (
    <span className={`state ${of.silent ? 'bad' : 'good'}`}>
      {say(of.silent ? 'silent' : 'alive')}
    </span>
  )
}

/** A box says behind its version that its maker's cloud is away (apps/edge): said here in the reader's language. */
const cloudAway = ' · cloud away'
const isCloudAway = ({ program }: Row) => program?.endsWith(cloudAway) ?? false
const programOf = ({ program = '' }: Row) =>
  program.endsWith(cloudAway) ? program.slice(0, -cloudAway.length) : program

function Board({ rows }: { rows: readonly Row[] }) {
  const say = useDeskWords()
  const word = useWords()
  const wide = useWide()
  const age = useAge()
  const ago = (at: string | undefined) => (at ? say('ago', { what: age(at) }) : '—')
  const behind = (row: Row) =>
    row.behind > 0 ? say('behindCount', { count: row.behind }) : say('upToDate')
  if (rows.length === 0) return <Empty>{say('noTerminals')}</Empty>
  if (!wide)
    return (
      <Rows
        rows={rows}
        rowKey={({ id }) => id}
        narrow={row => [
          <>
            <b>{row.name}</b>
            <span className="fine">
              {word(`terminal.${row.kind}`)} · {ago(row.seenAt)}
              {row.battery === undefined ? '' : ` · ${say('battery', { count: row.battery })}`}
              {row.program ? ` · ${programOf(row)}` : ''}
            </span>
          </>,
          <>
            <Alive of={row} />
            <span className="fine">{behind(row)}</span>
          </>,
        ]}
      />
    )
  return (
    <Table
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        { title: say('terminal'), cell: row => row.name },
        { title: say('kind'), cell: row => word(`terminal.${row.kind}`) },
        { title: say('state'), cell: row => <Alive of={row} /> },
        { title: say('heartbeat'), cell: row => ago(row.seenAt) },
        {
          title: say('batteryHead'),
          cell: row => (row.battery === undefined ? '—' : `${row.battery}%`),
          figure: true,
        },
        { title: say('program'), cell: row => programOf(row) || '—' },
        { title: say('phoneShowed'), cell: row => ago(row.shownAt) },
        { title: say('lastEvidence'), cell: row => ago(row.lastEvidenceAt) },
        { title: say('behind'), cell: behind, figure: true },
      ]}
    />
  )
}
