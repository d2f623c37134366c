/** What a terminal will see, as it will see it: the same receipt with only the fields that are ticked, and its rules in words. */
import type { Permission } from '@bursar/contract'
import { Figure } from '../app/look/sum.tsx'
import { spoken } from '../app/sums.ts'
import { day, exact, time } from '../app/times.ts'
import { useDeskWords } from './desk-words.ts'
import { actions, clockOf } from './permission.ts'
import { platformName } from './platforms.ts'
import { useWords } from './words.ts'
import './desk.css'

/** A receipt that nobody paid. */
const example = { amount: '38.00', currency: 'CNY' }
const order = '2026113022001417'

export function Seen({ permission }: { permission: Permission }) {
  const say = useDeskWords()
  const word = useWords()
  const rules = useRules(permission)
  const sees = (field: Permission['fields'][number]) => permission.fields.includes(field)
  const told = permission.actions.includes('receive')
  const facts = [
    sees('platform') && platformName('alipay'),
    sees('way') && word('way.spend'),
    sees('payer') && say('previewPayer'),
    sees('time') && exact('2026-11-30T04:05:06Z'),
    sees('order') && order,
    sees('grade') && word('grade.A'),
  ]
  return (
    <section className="section">
      <header>
        <h2>{say('preview')}</h2>
      </header>
      <div className="padded">
        {told ? (
          <div className="preview">
            <p>{say('previewKind')}</p>
            {sees('amount') ? <Figure of={example} /> : <p>{word('hidden')}</p>}
            <p className="fine">{facts.filter(Boolean).join(' · ')}</p>
          </div>
        ) : (
          <p className="soft">{say('previewNothing')}</p>
        )}
        <p className="fine padded">{rules.join(' · ')}</p>
        <p className="fine">
          {actions
            .filter(one => permission.actions.includes(one))
            .map(one => say(`action.${one}`))
            .join(' · ')}
        </p>
      </div>
    </section>
  )
}

/** Which receipts, where, when and until when, in words. */
export function useRules({ from, to, hours, outlets, tills, until }: Permission): string[] {
  const say = useDeskWords()
  return [
    from === undefined && to === undefined ? say('rule.all') : '',
    from === undefined ? '' : say('rule.from', { amount: spoken(from) }),
    to === undefined ? '' : say('rule.to', { amount: spoken(to) }),
    outlets ? say('rule.outlets', { count: outlets.length }) : say('everyOutlet'),
    tills ? say('rule.tills', { count: tills.length }) : '',
    hours
      ? say('rule.hours', { from: clockOf(hours.from), to: clockOf(hours.to) })
      : say('rule.always'),
    until ? say('rule.until', { at: `${day(until)} ${time(until)}` }) : '',
  ].filter(Boolean)
}
