/** The last rehearsal, and from whom it is back: a device that was not told is found before money is missed. */
import type { readNoticeHealth, ReplyOf } from '@bursar/contract'
import { Section } from '../app/look/page.tsx'
import { exact } from '../app/times.ts'
import { useDeskWords } from './desk-words.ts'
import { useWords } from './words.ts'

type Of = NonNullable<ReplyOf<typeof readNoticeHealth>['rehearsal']>
/** Who is longer away than this has not been told. */
const patience = 60_000

export function CameBack({ of: { at, due, counterName, echoes } }: { of: Of }) {
  const say = useDeskWords()
  const word = useWords()
  const began = new Date(at).getTime()
  const waits = Date.now() - began < patience
  return (
    <Section title={say('lastRehearsal')}>
      <p className="fine padded">
        {[counterName, exact(at), say(due ? 'byClock' : 'byHand')].join(' · ')}
      </p>
      {echoes.length === 0 ? <p className="padded">{say('forNobody')}</p> : null}
      <ol className="way" aria-live="polite">
        {echoes.map(({ terminal, name, kind, backAt }) => (
          <li key={terminal}>
            <span>
              {name} <span className="fine">{word(`terminal.${kind}`)}</span>
            </span>
            {backAt ? (
              <span className="state good">
                {say('backAfter', {
                  count: Math.max(1, Math.ceil((new Date(backAt).getTime() - began) / 1000)),
                })}
              </span>
            ) : (
              <span className={`state ${waits ? 'wait' : 'bad'}`}>
                {say(waits ? 'notYetBack' : 'notBack')}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Section>
  )
}
