import { demoProgress } from '@bursar/contract'
import { useRead } from '../app/read.ts'
import { Notice } from '../app/look/page.tsx'
import { useWords } from './words.ts'

/** How far the town is. It takes no room once the town stands. */
export function Progress() {
  const say = useWords()
  const { data } = useRead(demoProgress, {}, { every: 1000 })
  if (!data || data.state === 'ready') return null
  if (data.state === 'failed') return <Notice tone="bad">{say('failed')}</Notice>
  const { done, total } = data
  return (
    <div className="town-progress" role="status">
      <p>
        {say('building', { done, total })} <span className="fine">{say('buildingHint')}</span>
      </p>
      <progress max={Math.max(total, 1)} value={done} />
    </div>
  )
}
