/** Whole numbers as they are said in Mandarin. */

const digits = '零一二三四五六七八九'
const places = ['', '十', '百', '千']
const groups = ['', '万', '亿', '万亿']

/**
 * 两 before 千, 万 and 亿, 二 before 百 and 十; 十 without 一 where it begins; one 零 for zeros inside a number, none
 * for those at the end of a group: 20 002 000 is 两千万两千, 200 500 is 二十万零五百.
 */
export function mandarin(number: bigint): string {
  if (number < 0n || number >= 10n ** 16n) throw new RangeError(`Not said in Mandarin: ${number}`)
  if (number === 0n) return digits[0]!
  const parts: number[] = []
  for (let rest = number; rest > 0n; rest /= 10_000n) parts.unshift(Number(rest % 10_000n))
  const said = parts
    .map((part, i) => {
      if (part === 0) return parts[i + 1] ? '零' : ''
      const zero = i > 0 && part < 1_000 ? '零' : ''
      return zero + group(part) + groups[parts.length - 1 - i]!
    })
    .join('')
  return said
    .replace(/零+/g, '零')
    .replace(/零$/, '')
    .replace(/万亿(?=.*亿)/, '万')
    .replace(/^一十/, '十')
    .replace(/二(?=千)|(?<!十)二(?=[万亿])/g, '两')
}

/** 1 to 9999, without the group's own word. */
function group(part: number): string {
  const signs = [...String(part)].map(Number)
  return signs
    .map((digit, i) => (digit === 0 ? '零' : digits[digit]! + places[signs.length - 1 - i]!))
    .join('')
    .replace(/零+/g, '零')
    .replace(/零$/, '')
}
