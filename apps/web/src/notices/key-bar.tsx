/** The keys and what they do; they can be tapped as well. */
import { useWords } from './words.ts'

type Act = (() => void) | undefined
type Shape = { acts: { check: Act; looked: Act; again: Act; mute: Act }; muted: boolean }

export function KeyBar({ acts, muted }: Shape) {
  const say = useWords()
  return (
    <div className="counter-keys" role="group" aria-label={say('keys')}>
      {acts.looked ? (
        <Key name={say('enter')} does={say('looked')} act={acts.looked} />
      ) : (
        <Key name={say('enter')} does={say('check')} act={acts.check} />
      )}
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
