/** Who one is, and as whom one acts. The choice loads only for people who have more than one face. */
import { lazy, Suspense } from 'react'
import { facesOf, type Face, type Me } from './faces.ts'
import { useWords } from './words.ts'

const FaceSelect = lazy(() => import('./face-select.tsx'))

export function FaceChoice({ me, face }: { me: Me; face: Face }) {
  const say = useWords()
  const faces = facesOf(me)
  return (
    <div className="face">
      <p className="fine">{me.person.name}</p>
      {faces.length > 1 ? (
        <Suspense fallback={<div className="face-waiting" />}>
          <FaceSelect faces={faces} face={face} />
        </Suspense>
      ) : (
        <b>{say(`face.${face.role}`)}</b>
      )}
    </div>
  )
}
