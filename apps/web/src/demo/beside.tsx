/** Beside every page of a demo, where there is room: the hint of the face, and the others' side. */
import { Link } from '@tanstack/react-router'
import type { Face } from '../app/faces.ts'
import { Others } from './others.tsx'
import { useWords } from './words.ts'
import './demo.css'

export default function Beside({ face }: { face: Face | undefined }) {
  const say = useWords()
  return (
    <aside className="beside no-print" aria-label={say('title')}>
      {face ? (
        <div className="others-part">
          <p className="hint">{say(`hint.${face.role}`)}</p>
          <Link to="/">{say('leave')}</Link>
        </div>
      ) : null}
      <Others />
    </aside>
  )
}
