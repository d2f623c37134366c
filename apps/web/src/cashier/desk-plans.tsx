/** The plans of timed goods at the merchant's: what each costs, and for the owner a form in its place. */
import { Button } from 'antd'
import { Empty, Section } from '../app/look/page.tsx'
import { minor, spoken } from '../app/sums.ts'
import { useDeskWords } from './desk-words.ts'
import { clockOf } from './percents.ts'
import { PlanForm } from './plan-form.tsx'
import type { Plan } from './sold.ts'

type Shape = {
  plans: readonly Plan[]
  merchant: `mer_${string}`
  owner: boolean
  editing: string | undefined
  edit(to: string | undefined): void
}

export function Plans({ plans, merchant, owner, editing, edit }: Shape) {
  const say = useDeskWords()
  return (
    <Section
      title={say('time')}
      aside={owner ? <Button onClick={() => edit('plan')}>{say('newPlan')}</Button> : null}
    >
      {editing === 'plan' ? <PlanForm merchant={merchant} done={() => edit(undefined)} /> : null}
      {plans.length === 0 && editing !== 'plan' ? <Empty>{say('noPlans')}</Empty> : null}
      <ul className="rows">
        {plans.map(plan =>
          editing === plan.id ? (
            <li key={plan.id}>
              <PlanForm merchant={merchant} plan={plan} done={() => edit(undefined)} />
            </li>
          ) : (
            <li key={plan.id} className="row">
              <PlanName plan={plan} />
              {owner ? (
                <span className="dish-acts">
                  <Button
                    size="small"
                    aria-label={say('editNamed', { name: plan.name })}
                    onClick={() => edit(plan.id)}
                  >
                    {say('editItem')}
                  </Button>
                </span>
              ) : null}
            </li>
          ),
        )}
      </ul>
    </Section>
  )
}

function PlanName({ plan }: { plan: Plan }) {
  const say = useDeskWords()
  const { base, baseMinutes: count, stepMinutes: step, night } = plan
  const then = { step, price: spoken(plan.step) }
  const costs = night
    ? say('planNight', {
        ...{ amount: spoken(base), from: clockOf(night.from), to: clockOf(night.to) },
        ...then,
      })
    : minor(base) > 0n
      ? say('planLine', { amount: spoken(base), count, ...then })
      : say('planStep', then)
  const said = [
    plan.offered ? undefined : say('offered.no'),
    costs,
    plan.pausable ? say('pausable') : undefined,
  ].filter(Boolean)
  return (
    <span>
      <b>{plan.name}</b>
      <span className="fine">{said.join(' · ')}</span>
    </span>
  )
}
