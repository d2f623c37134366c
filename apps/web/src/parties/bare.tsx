/** The frame of pages for people who have not signed in: the mark, one form, two switches. */
import { useEffect, type ReactNode } from 'react'
import { useLanguage } from '../app/i18n.ts'
import { Mark } from '../app/look/glyph.tsx'
import { useWords } from './words.ts'

export function Bare({ title, children }: { title: string; children: ReactNode }) {
  const { language, speak } = useLanguage()
  const say = useWords()
  useEffect(() => {
    document.title = `${title} · Bursar`
  }, [title])
  return (
    <div className="bare">
      <header>
        <span className="brand">
          <Mark /> Bursar
        </span>
        <button
          type="button"
          className="plain-button soft"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          onClick={() => speak(language === 'en' ? 'zh-CN' : 'en')}
        >
          {language === 'en' ? '中文' : 'English'}
        </button>
      </header>
      <main>
        <h1>{title}</h1>
        {children}
      </main>
      <footer className="fine">{say('promise')}</footer>
    </div>
  )
}
