/** How a terminal tells: by which ways, in which language, in which zone, and whether it is the one that speaks there. */
import { Segmented, Switch } from 'antd'
import { useId } from 'react'
import { TextField } from '../app/look/text-field.tsx'
import { Ticks } from '../app/look/ticks.tsx'
import type { Language } from '../app/language.ts'
import { useDeskWords } from './desk-words.ts'
import { useWords, ways } from './words.ts'

export type Tells = {
  name: string
  ways: (typeof ways)[number][]
  language: Language
  zone: string
  speaks: boolean
}
const languages = ['zh-CN', 'en'] as const

export function Telling({ tells, change }: { tells: Tells; change(to: Tells): void }) {
  const say = useDeskWords()
  const word = useWords()
  const speaks = useId()
  const put = (part: Partial<Tells>) => change({ ...tells, ...part })
  return (
    <>
      <TextField
        label={say('name')}
        hint={say('nameHint')}
        required
        autoFocus
        maxLength={40}
        value={tells.name}
        change={name => put({ name })}
      />
      <Ticks
        label={word('acceptWays')}
        all={ways}
        ticked={tells.ways}
        word={way => word(`way.${way}`)}
        change={to => put({ ways: to })}
      />
      <Segmented
        className="after-field"
        aria-label={say('language')}
        value={tells.language}
        onChange={language => put({ language })}
        options={languages.map(value => ({ value, label: say(`language.${value}`) }))}
      />
      <TextField
        label={say('zone')}
        hint={say('zoneHint')}
        maxLength={40}
        value={tells.zone}
        change={zone => put({ zone })}
      />
      <label className="sound after-field" htmlFor={speaks}>
        <Switch id={speaks} checked={tells.speaks} onChange={to => put({ speaks: to })} />
        {say('speaks')}
      </label>
    </>
  )
}
