/**
 * What a notice is: a colour, a shape and a word, each of which says it alone. A round tick came, a broken ring is
 * unverified, an arrow back is money that went, a cross was reversed, a triangle is two sums.
 */
import { useWords } from './words.ts'
import './mark.css'

type Known = {
  kind: 'payment' | 'refund' | 'reversal'
  state: 'seen' | 'received' | 'checked'
  contradicted?: boolean
}
const shapes = {
  seen: [
    'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17',
    'M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.5-1.1 1-1.1 1.8M12 16.6h.01',
  ],
  received: ['M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17', 'M8 12.2l2.8 2.8 5.2-5.6'],
  checked: [
    'M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 1 1 0-17',
    'M6.5 12.4l2.6 2.6 5-5.6M11.8 15l.6.4 5-5.6',
  ],
  refund: ['M4 5.5h16v13H4z', 'M16 12H8.5M11.5 8.8 8.3 12l3.2 3.2'],
  reversal: ['M4 5.5h16v13H4z', 'M9 9l6 6M15 9l-6 6'],
  contradicted: ['M12 4 3 19.5h18z', 'M12 10v4.5M12 16.9h.01'],
} as const

export function markOf({ kind, state, contradicted }: Known) {
  if (contradicted) return { shape: 'contradicted', tone: 'bad' } as const
  const tone = kind !== 'payment' ? 'bad' : state === 'seen' ? 'wait' : 'good'
  return { shape: kind === 'payment' || state === 'seen' ? state : kind, tone } as const
}

export function Mark({ of }: { of: Known }) {
  const say = useWords()
  const { shape, tone } = markOf(of)
  const [outer, inner] = shapes[shape]
  const state = say(`state.${of.state}`)
  const word = of.contradicted ? say('contradicted') : state
  return (
    <span className={`mark ${tone}`}>
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        <path d={outer} strokeDasharray={shape === 'seen' ? '3 3.1' : undefined} />
        <path d={inner} />
      </svg>
      {of.kind === 'payment' || of.contradicted ? word : `${say(`kind.${of.kind}`)} · ${state}`}
    </span>
  )
}
