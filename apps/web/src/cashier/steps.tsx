/** What has been done to a tab, newest first: by whom, when and why. */
import { listStaff, type TabView } from '@bursar/contract'
import { Section } from '../app/look/page.tsx'
import { useRead } from '../app/read.ts'
import { ofMinor, spoken } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useDeskWords } from './desk-words.ts'

type Step = TabView['steps'][number]

/** Names of those who have a seat there; somebody who has left is told by id. */
export function useStaffNames(merchant: `mer_${string}`): (person: string) => string {
  const rows = useRead(listStaff, { params: { merchant } }).data?.rows
  return person => rows?.find(one => one.person === person)?.name ?? person
}

export function Steps({ tab }: { tab: TabView }) {
  const say = useDeskWords()
  const name = useStaffNames(tab.merchant)
  if (tab.steps.length === 0) return null
  const told = ({ name: step, about }: Step) => {
    if (step === 'hand_over') return name(about)
    if (step === 'discount') return spoken(ofMinor(about, tab.total.currency))
    return step === 'move' ? about : ''
  }
  return (
    <Section title={say('steps')}>
      <ul className="rows">
        {tab.steps.toReversed().map(step => (
          <li key={`${step.name} ${step.at} ${step.about}`} className="row">
            <span>
              <b>
                {say(`step.${step.name}`)} {told(step)}
              </b>
              <span className="fine">
                {[moment(step.at), step.by && name(step.by), step.reason]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
