/**
 * Exact sums: a whole number of the currency's smallest coin, from the database to the wire. Nothing
 * here rounds unless the caller says how, and sharing out never loses a coin.
 */

/** An exact sum: a whole number of the currency's smallest coin. */
export type Money = Readonly<{ minor: bigint; currency: string }>
/** A sum on the wire: a string with exactly the currency's decimals. */
export type WireMoney = { amount: string; currency: string }

/** The currencies of ISO 4217 that people pay with, by their decimals. */
const currencies: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY
    COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR
    MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES
    WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
}
const decimals = new Map(
  Object.entries(currencies).flatMap(([places, codes]) =>
    codes.split(/\s+/).map(code => [code, Number(places)] as const),
  ),
)

function decimalsOf(currency: string): number {
  const places = decimals.get(currency)
  if (places === undefined) throw new RangeError(`Not a currency: ${currency}`)
  return places
}

/** A sum of so many of the smallest coins: money(1230n, 'CNY') is 12.30 yuan. */
export const money = (minor: bigint, currency: string): Money => ({ minor, currency })
/** Nothing, in a currency. */
export const zero = (currency: string): Money => ({ minor: 0n, currency })

/** Reads yuan and fen: cny('12.30'). Refuses anything finer than a fen. */
export const cny = (text: string): Money => parse(text, 'CNY')

/**
 * Reads a decimal with exactly the currency's decimals. Throws a RangeError for anything else: fewer
 * or more decimals, exponents, spaces, a plus sign, leading zeros, more than 16 digits before the point.
 */
export function parse(text: string, currency: string): Money {
  const places = decimalsOf(currency)
  const match = /^(-?)(0|[1-9]\d{0,15})(?:\.(\d+))?$/.exec(text)
  const fraction = match?.[3] ?? ''
  if (!match || fraction.length !== places || (match[1] && /^[0.]+$/.test(text.slice(1))))
    throw new RangeError(`Not an amount with ${places} decimals: ${text}`)
  const minor = BigInt(match[2]! + fraction)
  return { minor: match[1] ? -minor : minor, currency }
}

/** The decimal text of a sum: format(cny('12.30')) is '12.30'. */
export function format({ minor, currency }: Money): string {
  const places = decimalsOf(currency)
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, '0')
  const cut = digits.length - places
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`
  return minor < 0n ? `-${text}` : text
}

/** The sum as it crosses a wire: a text, never a number. */
export const toWire = (sum: Money): WireMoney => ({ amount: format(sum), currency: sum.currency })
/** Throws a RangeError when the amount has not exactly the currency's decimals. */
export const fromWire = ({ amount, currency }: WireMoney): Money => parse(amount, currency)

/** Whether two sums are the same, currency and all. */
export const equal = (a: Money, b: Money): boolean =>
  a.currency === b.currency && a.minor === b.minor
/** Whether a sum is nothing. */
export const isZero = ({ minor }: Money): boolean => minor === 0n
/** Whether a sum is below nothing. */
export const isNegative = ({ minor }: Money): boolean => minor < 0n

/** Both together; a RangeError for two currencies. */
export const add = (a: Money, b: Money): Money => ({
  minor: a.minor + alike(a, b),
  currency: a.currency,
})
/** The first without the second; a RangeError for two currencies. */
export const subtract = (a: Money, b: Money): Money => ({
  minor: a.minor - alike(a, b),
  currency: a.currency,
})
/** The same sum the other way round. */
export const negate = ({ minor, currency }: Money): Money => ({ minor: -minor, currency })

/** -1, 0 or 1, as sorting wants it. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  const other = alike(a, b)
  return a.minor < other ? -1 : a.minor > other ? 1 : 0
}

/** All together; nothing at all is zero in the currency. */
export const sum = (sums: readonly Money[], currency: string): Money =>
  sums.reduce(add, zero(currency))

/** Where a part goes that is smaller than a coin; see fraction. */
export type Rounding = 'down' | 'up' | 'half_even'

/**
 * A part of a sum: `fraction(m, 6n, 1000n, 'half_even')` is 0.6 %. Rounded as said: `down` towards zero,
 * `up` away from zero, `half_even` to the nearest coin, and from the middle to the even one.
 */
export function fraction(
  { minor, currency }: Money,
  over: bigint,
  under: bigint,
  rounding: Rounding,
): Money {
  if (under <= 0n) throw new RangeError('A fraction needs a positive denominator')
  const exact = minor * over
  const size = exact < 0n ? -exact : exact
  const whole = size / under
  const twice = (size % under) * 2n
  const more =
    twice > 0n &&
    (rounding === 'up' ||
      (rounding === 'half_even' && (twice > under || (twice === under && whole % 2n === 1n))))
  const rounded = more ? whole + 1n : whole
  return { minor: exact < 0n ? -rounded : rounded, currency }
}

/**
 * Shares a sum out by weights. Each part is what its weight gives, rounded towards zero; the coins that
 * are left go one each to the first parts that lost something by it, which are always enough: what comes
 * out even stays as it is. The parts always add up to the sum.
 */
export function share(total: Money, weights: readonly bigint[]): Money[] {
  const all = weights.reduce((a, b) => a + b, 0n)
  if (all <= 0n || weights.some(weight => weight < 0n))
    throw new RangeError('Sharing needs weights that are not negative, and one that is positive')
  const parts = weights.map(weight => (total.minor * weight) / all)
  let left = total.minor - parts.reduce((a, b) => a + b, 0n)
  const coin = left < 0n ? -1n : 1n
  for (let at = 0; left !== 0n; at++)
    if ((total.minor * weights[at]!) % all !== 0n) {
      parts[at] = parts[at]! + coin
      left -= coin
    }
  return parts.map(minor => ({ minor, currency: total.currency }))
}

function alike(a: Money, b: Money): bigint {
  if (a.currency !== b.currency)
    throw new RangeError(`${a.currency} and ${b.currency} do not add up`)
  return b.minor
}
