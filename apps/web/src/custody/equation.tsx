/**
 * The pool equation: where the money is = whose it is. Both columns end in the same figure; each
 * term leads to the accounts behind it, each account to its entries.
 */
import { listPools, readCustody, readEquation, type Money, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page, Section } from '../app/look/page.tsx'
import { Bones, Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { less, minor, spoken, turned } from '../app/sums.ts'
import { exact } from '../app/times.ts'
import { Platforms } from './platforms.tsx'
import { useProofWords } from './proof-words.ts'
import { isTerm, usePoolWords } from './pool-words.ts'
import './equation.css'

type Equation = ReplyOf<typeof readEquation>
type Side = 'assets' | 'claims'

export default function EquationPage() {
  const say = usePoolWords()
  const pool = useParam('pool')
  const pools = useRead(listPools, {})
  const read = useRead(readEquation, { params: { pool } }, { every: 2000 })
  const known = pools.data?.rows.find(one => one.id === pool)
  return (
    <Page
      desk
      title={known?.name ?? say('pool')}
      hint={known ? `${known.bankName} · ${known.supervisorName}` : '\u00a0'}
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      <Verdict of={read.data} />
      <div className="equation">
        <Column side="assets" of={read.data} pool={pool} />
        <span className="equals" aria-hidden="true">
          =
        </span>
        <Column side="claims" of={read.data} pool={pool} />
      </div>
      <BankSays pool={pool} />
      <ToProof pool={pool} />
      <Platforms pool={pool} />
    </Page>
  )
}

function ToProof({ pool }: { pool: `pol_${string}` }) {
  const say = useProofWords()
  return (
    <p className="fine">
      <Link to="/custody/pools/$pool/proof" params={{ pool }}>
        {say('see')}
      </Link>{' '}
      {say('proofHint')}
    </p>
  )
}

export function Verdict({ of }: { of: Equation | undefined }) {
  const say = usePoolWords()
  if (!of) return <Notice>{'\u00a0'}</Notice>
  const gap = less(of.assets, of.claims)
  const difference = minor(gap) < 0n ? turned(gap) : gap
  return (
    <Notice tone={of.holds ? 'good' : 'bad'}>
      <p>
        <b>{of.holds ? say('holds') : say('broken')}</b>{' '}
        {of.holds
          ? say('holdsText', { seq: of.seq })
          : say('brokenText', { amount: spoken(difference) })}{' '}
        <span className="soft">{exact(of.at)}</span>
      </p>
    </Notice>
  )
}

type Shape = { side: Side; of: Equation | undefined; pool: string }
function Column({ side, of, pool }: Shape) {
  const say = usePoolWords()
  if (!of)
    return (
      <Section title={say(side)}>
        <Bones rows={5} />
      </Section>
    )
  return (
    <Section title={say(side)} aside={<small className="soft">{of.assets.currency}</small>}>
      <ul className="rows">
        {of.terms
          .filter(one => one.side === side && (one.accounts > 0 || minor(one.amount) !== 0n))
          .map(one => (
            <li key={one.term}>
              <Link
                to="/custody/pools/$pool/terms/$term"
                params={{ pool, term: one.term }}
                className="row"
              >
                <span>
                  <b>{isTerm(one.term) ? say(`term.${one.term}`) : one.term}</b>
                  <span className="fine">{say('accounts', { count: one.accounts })}</span>
                </span>
                <Sum of={one.amount} bare className="row-figure" />
              </Link>
            </li>
          ))}
      </ul>
      <p className="equation-total">
        <span>{say(side === 'assets' ? 'assetsTotal' : 'claimsTotal')}</span>
        <Sum of={of[side]} bare />
      </p>
    </Section>
  )
}

/** The equation holds by itself; what the bank says need not agree with it. */
function BankSays({ pool }: { pool: `pol_${string}` }) {
  const say = usePoolWords()
  const read = useRead(readCustody, { params: { pool } }, { every: 10_000 })
  const of = read.data
  if (!of)
    return (
      <Section title={say('bankCheck')}>
        {read.error ? <Failed error={read.error} /> : <Bones rows={2} />}
      </Section>
    )
  return (
    <Section
      title={say('bankCheck')}
      aside={<small className="soft">{say('asOf', { at: exact(of.at) })}</small>}
    >
      <ul className="rows">
        {of.bank ? (
          <li className="row">
            <b>{say('bankSays')}</b>
            <Sum of={of.bank} className="row-figure" />
          </li>
        ) : null}
        <li className="row">
          <b>{say('booksSay')}</b>
          <Sum of={of.books} className="row-figure" />
        </li>
      </ul>
      <Difference of={of.difference} />
    </Section>
  )
}

function Difference({ of }: { of: Money | undefined }) {
  const say = usePoolWords()
  if (!of) return <Notice tone="wait">{say('bankSilent')}</Notice>
  const agrees = minor(of) === 0n
  return (
    <Notice tone={agrees ? 'good' : 'bad'}>
      <p>
        <b>{say(agrees ? 'bankAgrees' : 'bankDiffers')}</b>{' '}
        {say(agrees ? 'bankAgreesText' : 'bankDiffersText', { amount: spoken(of) })}
      </p>
    </Notice>
  )
}
