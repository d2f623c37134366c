/** Instants as people read them. The business lives in one zone, so a statement reads the same abroad. */
import { languageNow } from './language.ts'

const zone = 'Asia/Shanghai'
const made = new Map<string, Intl.DateTimeFormat>()
function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const language = languageNow() === 'en' ? 'en-GB' : 'zh-CN'
  const key = `${language}/${name}`
  const known = made.get(key) ?? new Intl.DateTimeFormat(language, { timeZone: zone, ...options })
  made.set(key, known)
  return known
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const

/** `2026-11-21`, the same in every language, so that it sorts and lines up. */
export const day = (at: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...date }).format(new Date(at))
export const time = (at: string): string => format('time', clock).format(new Date(at))
export const moment = (at: string): string => `${day(at)} ${time(at)}`
export const exact = (at: string): string =>
  `${day(at)} ${format('exact', { ...clock, second: '2-digit' }).format(new Date(at))}`
/** `11月21日 周六` */
export const longDay = (at: string): string =>
  format('longDay', { month: 'long', day: 'numeric', weekday: 'short' }).format(new Date(at))
