/**
 * A loudspeaker behind its maker's cloud: what is spoken here is said to it by HTTP, signed as its maker wants it. The first
 * of each alone, as at every output (speaker.ts); again where the maker was not reached or could not just then, for half a
 * minute. What it did not answer it may have spoken: it is asked again only where it knows repeats.
 *
 * A maker that failed three prompts in a row is away: for a minute each prompt is said to have failed at once, then the
 * next one is tried, once. The box says so with its heartbeat, so the health board has it.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fromWire } from '@bursar/money'
import { vendors, type Fields, type Vendor } from './cloud-vendors.ts'
import type { Output, Told } from './speaker.ts'

export type CloudSettings = Readonly<{
  vendor: keyof typeof vendors
  device: string
  key: string
  account?: string
  url?: string
  /** Beside, and before, what the vendor's own are. */
  fields?: Fields
}>
type Options = Readonly<{ waits?: readonly number[]; within?: number; now?: () => Date }>
/** Whether its maker is away, as far as is known. */
export type Cloud = Output & Readonly<{ isAway(): boolean }>

const waits = [500, 1_000, 2_000, 4_000, 8_000, 14_000]
/** However long each answer takes: what is told for longer would be late, and was not told as late. */
const patience = 30_000
const [failuresMost, pause] = [3, 60_000]
type Answer = 'spoken' | 'later' | 'unknown' | 'never'

export function toCloud(settings: CloudSettings, options: Options = {}): Cloud {
  const { now = () => new Date() } = options
  const told = teller(settings, options)
  let [failures, away] = [0, 0]
  const output = async (what: Told) => {
    if (!what.sound) return
    const isAway = failures >= failuresMost
    if (isAway && now().getTime() < away + pause) throw new Error('cloud: away, not told')
    try {
      await told(what, !isAway)
      failures = 0
    } catch (error) {
      // An answer, if a refusal, is not away.
      failures = error instanceof Refused ? 0 : failures + 1
      away = now().getTime()
      throw error
    }
  }
  return Object.assign(output, { isAway: () => failures >= failuresMost })
}

class Refused extends Error {}

/** Says one prompt, again where that is right and `patient`. */
function teller(settings: CloudSettings, options: Options) {
  const vendor: Vendor = vendors[settings.vendor]
  const url = settings.url ?? vendor.url
  if (!url) throw new Error(`cloud: ${settings.vendor} needs a url`)
  const { within = 5_000, now = () => new Date() } = options
  return async (told: Told, patient: boolean): Promise<void> => {
    const began = performance.now()
    for (const wait of [...(patient ? (options.waits ?? waits) : []), undefined]) {
      const fields = filled({ ...vendor.fields, ...settings.fields }, told, settings, now())
      const { answer, why } = await say(vendor, url, vendor.sign(fields, settings.key), within)
      if (answer === 'spoken') return
      if (answer === 'never') throw new Refused(`cloud: ${why}`)
      const isOver = wait === undefined || performance.now() - began + wait > patience
      if (isOver || (answer === 'unknown' && !vendor.knowsRepeats)) throw new Error(`cloud: ${why}`)
      await sleep(wait)
    }
  }
}

function filled(
  fields: Fields,
  { text, prompt }: Told,
  { device, key, account = '' }: CloudSettings,
  now: Date,
): Fields {
  const seconds = String(Math.floor(now.getTime() / 1000))
  const holes: Fields = {
    ...{ text, device, key, account, seconds, id: `${prompt.notice}-${prompt.class}` },
    stamp: now.toISOString().replaceAll(/\D/g, '').slice(0, 14),
    fen: prompt.amount ? String(fromWire(prompt.amount).minor) : '',
    nonce: randomBytes(10).toString('hex'),
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value.replaceAll(/\{(\w+)\}/g, (hole, what: string) => holes[what] ?? hole),
    ]),
  )
}

/** No word of ours to a maker has a secret in it, nor what it answered. */
async function say(
  { as, code, good, never }: Vendor,
  url: string,
  fields: Fields,
  within: number,
): Promise<Readonly<{ answer: Answer; why: string }>> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      ...(as === 'json'
        ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) }
        : { body: new URLSearchParams(fields) }),
      redirect: 'error',
      signal: AbortSignal.timeout(within),
    })
    const text = await response.text()
    if (!response.ok) return { answer: 'later', why: `status ${response.status}` }
    const said = String((JSON.parse(text) as Record<string, unknown>)[code] ?? '')
    const answer = good.includes(said) ? 'spoken' : never.includes(said) ? 'never' : 'later'
    return { answer, why: `${code} ${said.slice(0, 20)}` }
  } catch (error) {
    return reached(error)
  }
}

/** Never reached it is: no connection. Everything else may have been heard. */
function reached(error: unknown) {
  const { code } = ((error as Error).cause ?? {}) as { code?: string }
  const away = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']
  const answer: Answer = away.includes(code ?? '') ? 'later' : 'unknown'
  return { answer, why: code ?? (error as Error).name }
}
