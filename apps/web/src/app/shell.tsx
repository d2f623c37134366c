/** The frame around every page: where one is, where one can go, who one is. */
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { FaceChoice } from './face-choice.tsx'
import { homeOf, placesOf, useFace, useMe, type Face } from './faces.ts'
import { installAs } from './installed.ts'
import { Glyph, Mark } from './look/glyph.tsx'
import { Failed } from './look/failed.tsx'
import { Bones } from './look/sum.tsx'
import { useWords } from './words.ts'

const Jump = lazy(() => import('./jump.tsx'))
const Beside = lazy(() => import('../demo/beside.tsx'))

export function Shell() {
  const say = useWords()
  const { me, guest, error, again } = useMe()
  const face = useFace(me)
  const [jumping, setJumping] = useState(false)
  const trades = face?.role === 'owner' || face?.role === 'staff'
  useEffect(() => installAs(trades ? 'merchant' : 'guest'), [trades])
  useGuestsSignIn(guest)
  useJumpKey(() => setJumping(true))
  useFocusOnPage()
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {say('skip')}
      </a>
      <header className="head">
        <Link to={homeOf(face)} className="brand" aria-label="Bursar">
          <Mark />
        </Link>
        <span className="face">{face ? <FaceName face={face} /> : null}</span>
        <span className="acts">
          <IconButton label={say('jump')} glyph="search" press={() => setJumping(true)} />
        </span>
      </header>
      <div className="side">
        <header className="side-head">
          <Link to={homeOf(face)} className="brand">
            <Mark /> Bursar
          </Link>
          {me && face ? <FaceChoice me={me} face={face} /> : null}
        </header>
        {face ? <Places face={face} /> : <nav className="places" />}
        <div className="side-foot">
          <button type="button" className="plain-button soft" onClick={() => setJumping(true)}>
            {say('jump')} <span className="key">⌘K</span> <span className="key">Ctrl K</span>
          </button>
        </div>
      </div>
      <main id="main" className="main" tabIndex={-1}>
        <Offline />
        {error ? (
          <div className="page">
            <Failed error={error} again={() => void again()} />
          </div>
        ) : me ? (
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        ) : (
          <Waiting />
        )}
      </main>
      <Suspense fallback={null}>
        {me && localStorage.getItem('bursar.demo') ? <Beside face={face} /> : null}
        {jumping && face ? <Jump face={face} close={() => setJumping(false)} /> : null}
      </Suspense>
    </div>
  )
}

export const Waiting = () => (
  <div className="page">
    <div className="page-head" />
    <Bones rows={5} />
  </div>
)

/** A guest is sent to sign in, and comes back to where he was going. */
function useGuestsSignIn(guest: boolean): void {
  const navigate = useNavigate()
  const { href } = useLocation()
  const going = useRef(false)
  useEffect(() => {
    if (!guest || going.current) return
    going.current = true
    void navigate({ to: '/sign-in', search: { next: href } })
  }, [guest, href, navigate])
}

/** After going somewhere, the keyboard stands at the new page, unless the page took it to a field. */
function useFocusOnPage(): void {
  const { pathname } = useLocation()
  const last = useRef(pathname)
  useEffect(() => {
    const main = document.getElementById('main')
    if (last.current === pathname || !main) return
    last.current = pathname
    if (!main.contains(document.activeElement)) main.focus({ preventScroll: true })
  }, [pathname])
}

function useJumpKey(open: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      open()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

function Places({ face }: { face: Face }) {
  const say = useWords()
  const { pathname } = useLocation()
  const places = placesOf(face)
  const best = places
    .filter(({ to, holds = to }) => [to, holds].some(at => `${pathname}/`.startsWith(`${at}/`)))
    .toSorted((a, b) => b.to.length - a.to.length)[0]
  const hidden = places.some(place => place.deskOnly)
  return (
    <nav className="places" aria-label={say('places')}>
      <ul>
        {places.map(place => (
          <li key={place.to} className={place.deskOnly ? 'desk-only' : ''}>
            <Link
              to={place.to}
              activeOptions={{ exact: true }}
              aria-current={place === best ? 'page' : undefined}
            >
              <Glyph name={place.glyph} />
              {say(place.word)}
            </Link>
          </li>
        ))}
        {hidden ? (
          <li className="phone-only">
            <Link
              to="/more"
              aria-current={pathname === '/more' || best?.deskOnly ? 'page' : undefined}
            >
              <Glyph name="more" />
              {say('more')}
            </Link>
          </li>
        ) : null}
      </ul>
    </nav>
  )
}

export function FaceName({ face }: { face: Face }) {
  const say = useWords()
  return face.name ? (
    <>
      {face.name} <small className="soft">{say(`face.${face.role}`)}</small>
    </>
  ) : (
    say(`face.${face.role}`)
  )
}

type Pressed = { label: string; glyph: 'search' | 'person'; press(): void }
const IconButton = ({ label, glyph, press }: Pressed) => (
  <button type="button" className="icon-button" aria-label={label} onClick={press}>
    <Glyph name={glyph} />
  </button>
)

const watchNet = (tell: () => void) => {
  addEventListener('online', tell)
  addEventListener('offline', tell)
  return () => {
    removeEventListener('online', tell)
    removeEventListener('offline', tell)
  }
}

function Offline() {
  const say = useWords()
  const online = useSyncExternalStore(watchNet, () => navigator.onLine)
  return online ? null : (
    <p className="line-notice" role="status">
      {say('offline')}
    </p>
  )
}
