/**
 * The first minute. In a demo: choose a face, be signed in, do the one thing it is for. Elsewhere
 * this address leads on: to set-up, to one's home, or to signing in.
 */
import { demoFaces, demoProgress, demoSignIn, setUpNeeded, type ReplyOf } from '@bursar/contract'
import { Link, Navigate, useNavigate } from '@tanstack/react-router'
import { Failure } from '../app/call.ts'
import { facesOf, homeOf, useMe, wear } from '../app/faces.ts'
import { useLanguage } from '../app/i18n.ts'
import { Failed } from '../app/look/failed.tsx'
import { Glyph, Mark } from '../app/look/glyph.tsx'
import { useChange, useRead } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { freshStart } from '../parties/fresh.ts'
import { Progress } from './progress.tsx'
import { Others } from './others.tsx'
import { useWords } from './words.ts'
import './demo.css'

type Face = ReplyOf<typeof demoFaces>['faces'][number]

export default function Town() {
  const read = useRead(demoFaces, {}, { every: false })
  if (read.error instanceof Failure && read.error.status === 404) return <NoTown />
  if (!read.data && !read.error) return null
  return (
    <div className="town">
      <TownHead />
      <main className="town-main">
        <div>
          <Lead />
          <Progress />
          <Failed error={read.error} again={() => void read.refetch()} />
          <Faces faces={read.data?.faces ?? []} />
        </div>
        <aside className="town-beside">
          <Others />
        </aside>
      </main>
    </div>
  )
}

/** Where there is no demo, this address only shows the way. */
function NoTown() {
  const setUp = useRead(setUpNeeded, {})
  const { me, guest } = useMe()
  if (setUp.data?.needed) return <Navigate to="/set-up" replace />
  if (me) return <Navigate to={homeOf(facesOf(me)[0])} replace />
  if (guest && (setUp.data || setUp.error)) return <Navigate to="/sign-in" replace />
  return null
}

function TownHead() {
  const say = useWords()
  const { language, speak } = useLanguage()
  return (
    <header className="town-head">
      <span className="brand">
        <Mark /> Bursar
      </span>
      <span className="soft">{say('title')}</span>
      <span className="links">
        <button
          type="button"
          className="plain-button soft"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          onClick={() => speak(language === 'en' ? 'zh-CN' : 'en')}
        >
          {language === 'en' ? '中文' : 'English'}
        </button>
        <Link to="/sign-in">{say('signInOwn')}</Link>
      </span>
    </header>
  )
}

function Lead() {
  const say = useWords()
  return (
    <div className="lead">
      <h1>{say('lead')}</h1>
      <p className="soft">{say('leadMore')}</p>
    </div>
  )
}

function Faces({ faces }: { faces: readonly Face[] }) {
  const say = useWords()
  const app = useAppWords()
  const navigate = useNavigate()
  const { data: progress } = useRead(demoProgress, {}, { every: 1000 })
  const enter = useChange(demoSignIn, me => {
    freshStart()
    localStorage.setItem('bursar.demo', 'yes')
    const face = facesOf(me)[0]
    if (face) wear(face)
    void navigate({ to: homeOf(face) })
  })
  return (
    <section aria-label={say('choose')}>
      <Failed error={enter.error} />
      <ul className="town-faces">
        {faces.map(face => (
          <li key={face.person}>
            <button
              type="button"
              aria-label={say('enter', { name: face.name })}
              disabled={enter.isPending || progress?.state === 'building'}
              onClick={() => enter.mutate({ body: { person: face.person } })}
            >
              <span className="who">
                <b>{app(`face.${face.role}`)}</b>
                <span className="fine">
                  {face.name}
                  {face.organisation ? ` · ${face.organisation}` : ''}
                </span>
              </span>
              <span className="hint">{say(`hint.${face.role}`)}</span>
              <Glyph name="next" size={18} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
