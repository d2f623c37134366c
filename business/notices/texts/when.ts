/** When it happened, as the text says it: on the clock of China, often without the year, sometimes without the day. */

const china = 8 * 3_600_000
const day = 86_400_000
/** A phone's clock may be a little behind the bank's. */
const grace = 10 * 60_000

const full =
  /(?<y>\d{4})[-/年.](?<m>\d{1,2})[-/月.](?<d>\d{1,2})日? ?(?<h>\d{1,2})[:时](?<i>\d{1,2})(?:[:分](?<s>\d{1,2}))?/
const short = /(?<!\d)(?<y>\d{2})年(?<m>\d{1,2})月(?<d>\d{1,2})日 ?(?<h>\d{1,2})[:时](?<i>\d{1,2})/
const noYear =
  /(?<!\d)(?<m>\d{1,2})[月/-](?<d>\d{1,2})日? ?(?<h>\d{1,2})[:时](?<i>\d{1,2})(?:[:分](?<s>\d{1,2}))?/
const noMonth = /(?<!\d)(?<d>\d{1,2})日 ?(?<h>\d{1,2})[:时](?<i>\d{1,2})/
const noDay = /(?<![\d:])(?<h>\d{1,2}):(?<i>\d{2})(?::(?<s>\d{2}))?(?![\d:])/

/** The instant that a text names; what it leaves out is taken so that the instant is the last one before `heard`. */
export function when(text: string, heard: Date): Date | null {
  for (const [shape, step] of [
    [full, null],
    [short, null],
    [noYear, 'year'],
    [noMonth, 'month'],
    [noDay, 'day'],
  ] as const) {
    const found = shape.exec(text)?.groups
    if (found) return latest(found, step, heard)
  }
  return null
}

type Parts = Record<string, string | undefined>

function latest({ y, m, d, h, i, s }: Parts, step: 'year' | 'month' | 'day' | null, heard: Date) {
  const here = new Date(heard.getTime() + china)
  const at = (back: number): Date | null => {
    const year = y
      ? (y.length === 2 ? 2000 : 0) + Number(y)
      : here.getUTCFullYear() - (step === 'year' ? back : 0)
    const month = m ? Number(m) - 1 : here.getUTCMonth() - (step === 'month' ? back : 0)
    const date = d ? Number(d) : here.getUTCDate()
    const [hour, minute, second] = [Number(h), Number(i), Number(s ?? 0)]
    if (hour > 24 || minute > 59 || second > 59 || (m && (month < 0 || month > 11)) || date > 31)
      return null
    const instant = Date.UTC(year, month, date, hour, minute, second) - china
    return new Date(step === 'day' ? instant - back * day : instant)
  }
  const first = at(0)
  if (!first || !step) return first
  return first.getTime() <= heard.getTime() + grace ? first : at(1)
}
