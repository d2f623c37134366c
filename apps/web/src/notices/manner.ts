/** How a prompt is told here: what `ways` allows, and not more. What is not spoken may still be heard as a tone. */
import type { PromptView } from '@bursar/contract'

export type Mood = 'good' | 'soft' | 'back' | 'alarm'
export type Manner = Readonly<{
  /** Milliseconds on, off, on. */
  shakes?: readonly number[]
  tone?: Mood
  speaks: boolean
}>
type Told = Pick<PromptView, 'class' | 'kind' | 'ways' | 'soft'>

export function mannerOf({ class: told, kind, ways, soft }: Told): Manner {
  const isAlarm = told === 'contradicted'
  const isSpoken = ways.includes('voice') && told !== 'seen'
  const isBack = kind !== 'payment'
  const shakes = isAlarm ? [400, 150, 400, 150, 400] : isBack ? [200, 100, 200] : [200]
  const mood = isAlarm ? 'alarm' : told === 'seen' ? 'soft' : isBack ? 'back' : 'good'
  return {
    ...(ways.includes('vibration') && { shakes }),
    ...((isSpoken || soft === true) && { tone: mood }),
    speaks: isSpoken,
  }
}
