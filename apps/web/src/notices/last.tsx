/** The last receipt, to be read at three metres; and the same for who listens to a screen reader. */
import type { PromptView } from '@bursar/contract'
import type { CSSProperties } from 'react'
import { Button } from 'antd'
import { Sum } from '../app/look/sum.tsx'
import { useLanguage } from '../app/i18n.ts'
import { digits, spoken } from '../app/sums.ts'
import { day, moment, time } from '../app/times.ts'
import { Mark, markOf } from './mark.tsx'
import { platformName } from './platforms.ts'
import { signed, stateOf } from './rows.ts'
import type { Board } from './queue.ts'
import { codeOf, sentenceOf } from './sentence.ts'
import { spell } from './spell.ts'
import { useWayName, useWords } from './words.ts'

export function Last({ board }: { board: Board }) {
  const say = useWords()
  const { shown } = board
  // The sum that is disputed stands above, and was no payment: but something came.
  if (!shown && board.disputed.size > 0) return null
  if (!shown)
    return (
      <div className="counter-last nothing">
        <p className="counter-empty">{say('waitFirst')}</p>
        <p className="soft">{say('waitFirstText')}</p>
      </div>
    )
  return <Receipt prompt={shown} board={board} />
}

/** Of today the hour is enough. */
const clockOf = (at: string) => (day(at) === day(new Date().toISOString()) ? time(at) : moment(at))

function Receipt({ prompt, board }: { prompt: PromptView; board: Board }) {
  const say = useWords()
  const { language } = useLanguage()
  const nameOf = useWayName()
  const { kind, large, late, rehearsal, ways, class: told } = prompt
  const state = stateOf(prompt, board.checked)
  const mark = { kind, state, contradicted: board.disputed.has(prompt.notice) }
  const sum = signed(prompt)
  const code = codeOf(prompt)
  const facts = [
    prompt.platform && !rehearsal && platformName(prompt.platform),
    rehearsal ? undefined : nameOf(prompt.way),
    prompt.payer,
    prompt.at && clockOf(prompt.at),
  ]
  const tags = [late && say('late'), rehearsal && say('rehearsal'), large && say('large')]
  const quiet = told === 'received' && !ways.includes('voice')
  const size = { '--letters': sum ? digits(sum.amount).length + 1.6 : 6 } as CSSProperties
  return (
    <div className={`counter-last ${markOf(mark).tone}`} style={size} key={prompt.seq}>
      <p className="counter-mark">
        <Mark of={mark} />
        {tags.filter(Boolean).map(tag => (
          <span key={String(tag)} className="counter-tag">
            {tag}
          </span>
        ))}
      </p>
      <p className="counter-sum">
        {sum ? <Sum of={sum} /> : <span className="counter-hidden">{say('hidden')}</span>}
      </p>
      {sum ? <p className="counter-words">{spell(sum, language)}</p> : null}
      <p className="counter-facts">{facts.filter(Boolean).join(' · ')}</p>
      {code ? (
        <p className="counter-code">
          {say('code')} <b>{code}</b> <span className="fine">{say('codeHint')}</span>
        </p>
      ) : null}
      {quiet ? <p className="soft">{say('quiet')}</p> : null}
    </div>
  )
}

/** Read once for each prompt, politely: the same words again are another sentence. */
export function Aloud({ board }: { board: Board }) {
  const { language } = useLanguage()
  const { shown, times } = board
  return (
    <p className="unseen" role="status" aria-live="polite">
      {shown && times > 0 ? (
        <span key={`${shown.seq}/${times}`} data-told={shown.seq}>
          {sentenceOf(shown, language)}
        </span>
      ) : null}
    </p>
  )
}

export function Alarm({ prompt, looked }: { prompt: PromptView; looked(): void }) {
  const say = useWords()
  const { amount, before } = prompt
  return (
    <div className="counter-alarm" role="alert">
      <p className="counter-mark">
        <Mark of={{ kind: prompt.kind, state: 'seen', contradicted: true }} />
      </p>
      <div>
        <p>
          <b>{say('alarmTitle')}</b>
          {prompt.platform ? ` · ${platformName(prompt.platform)}` : ''}
          {prompt.orders?.[0] ? ` · ${prompt.orders[0]}` : ''}
        </p>
        <p>
          {amount && before
            ? say('alarmText', { before: spoken(before), now: spoken(amount) })
            : say('alarmBare')}
        </p>
      </div>
      <Button size="large" danger onClick={looked}>
        {say('looked')}
      </Button>
    </div>
  )
}
