/** The pages for when there is no page: not found, broken, and everything else a phone's tabs have no room for. */
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { FaceChoice } from './face-choice.tsx'
import { homeOf, placesOf, useFace, useMe } from './faces.ts'
import { Glyph } from './look/glyph.tsx'
import { Empty, Page } from './look/page.tsx'
import { useWords } from './words.ts'

export function Missing() {
  const say = useWords()
  return (
    <main>
      <Page title={say('missingTitle')}>
        <Empty
          act={
            <Button type="primary" href="/">
              {say('goHome')}
            </Button>
          }
        >
          {say('missingText')}
        </Empty>
      </Page>
    </main>
  )
}

export function Broken() {
  const say = useWords()
  return (
    <Page title={say('brokenTitle')}>
      <Empty
        act={
          <Button type="primary" onClick={() => location.reload()}>
            {say('reload')}
          </Button>
        }
      >
        {say('brokenText')}
      </Empty>
    </Page>
  )
}

export function More() {
  const say = useWords()
  const { me } = useMe()
  const face = useFace(me)
  if (!me || !face) return null
  const places = placesOf(face).filter(place => place.deskOnly || place.to === homeOf(face))
  return (
    <Page title={say('more')}>
      <FaceChoice me={me} face={face} />
      <ul className="rows">
        {places.map(place => (
          <li key={place.to}>
            <Link to={place.to} className="row">
              <span>{say(place.word)}</span>
              <span>
                <Glyph name="next" size={18} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  )
}
