/** A sum in words, as it is said aloud: 一千二百三十四元五角六分; one thousand two hundred thirty-four yuan, fifty-six fen. */
import type { Money } from '@bursar/contract'
import type { Language } from '../app/language.ts'
import { spoken } from '../app/sums.ts'

const ones = '零一二三四五六七八九'
const places = ['', '十', '百', '千']
const groups = ['', '万', '亿', '万亿']

/** Four digits at most; a gap of noughts is said once, and 一十 at the very beginning is 十. */
function four(digits: string): string {
  const said = [...digits].map((digit, at) =>
    digit === '0' ? '零' : `${ones[Number(digit)]}${places[digits.length - 1 - at]}`,
  )
  return said.join('').replaceAll(/零+/g, '零').replace(/零$/, '')
}

function inChinese(whole: string): string {
  const wide = whole.padStart(Math.ceil(whole.length / 4) * 4, '0')
  const parts = wide.match(/\d{4}/g) ?? []
  const said = parts.map((part, at) => {
    const words = four(part)
    return words && `${words}${groups[parts.length - 1 - at]}`
  })
  const text = said.join('').replaceAll(/零+/g, '零')
  return text.replace(/^零/, '').replace(/^一十/, '十') || '零'
}

const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = '  twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const thousands = ['', ' thousand', ' million', ' billion', ' trillion']

function three(n: number): string {
  const [hundreds, rest] = [Math.floor(n / 100), n % 100]
  const [ten, one] = [Math.floor(rest / 10), rest % 10]
  const low = rest < 20 ? small[rest] : `${tens[ten]}${one ? `-${small[one]}` : ''}`
  if (!hundreds) return low ?? ''
  return `${small[hundreds]} hundred${rest ? ` ${low}` : ''}`
}

function inEnglish(whole: string): string {
  const wide = whole.padStart(Math.ceil(whole.length / 3) * 3, '0')
  const parts = wide.match(/\d{3}/g) ?? []
  const said = parts.map((part, at) =>
    Number(part) ? `${three(Number(part))}${thousands[parts.length - 1 - at]}` : '',
  )
  return said.filter(Boolean).join(' ') || 'zero'
}

export function spell(sum: Money, language: Language): string {
  const [whole = '0', rest = ''] = sum.amount.replace('-', '').split('.')
  if (sum.currency !== 'CNY') return spoken(sum)
  const [jiao = '0', fen = '0'] = rest
  if (language === 'en') {
    const coins = Number(`${jiao}${fen}`)
    const yuan = Number(whole) || !coins ? `${inEnglish(whole)} yuan` : ''
    return [yuan, coins ? `${three(coins)} fen` : ''].filter(Boolean).join(', ')
  }
  const yuan = /[1-9]/.test(whole) || rest === '00' ? `${inChinese(whole)}元` : ''
  const coins = `${jiao === '0' ? (yuan && fen !== '0' ? '零' : '') : `${ones[Number(jiao)]}角`}`
  return `${yuan}${coins}${fen === '0' ? '' : `${ones[Number(fen)]}分`}`
}
