/** The keys and what they do; they can be tapped as well. */
import { useWords } from './words.ts'

type Act = (() => void) | undefined
type Name = 'check' | 'looked' | 'unlock' | 'again' | 'mute'
type Shape = { acts: Readonly<Record<Name, Act>>; muted: boolean }

export function KeyBar({ acts, muted }: Shape) {
  const say = useWords()
  const enter = acts.looked ? 'looked' : acts.unlock ? 'unlock' : 'check'
  return (
    <div className="counter-keys" role="group" aria-label={say('keys')}>
      <Key name={say('enter')} does={say(enter)} act={acts[enter]} />
      <Key name="R" does={say('again')} act={acts.again} />
      <Key name="M" does={say(muted ? 'unmute' : 'mute')} act={acts.mute} />
    </div>
  )
}

/** It gives the focus back: the next Enter is the counter's, not the button's. */
function Key({ name, does, act }: { name: string; does: string; act: Act }) {
  return (
    <button
      type="button"
      disabled={!act}
      onClick={event => {
        event.currentTarget.blur()
        act?.()
      }}
    >
      <kbd>{name}</kbd> {does}
    </button>
  )
}
