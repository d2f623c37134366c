/** What a program says of itself: which version it is, its battery; and, of a main, when its phone last showed a notice. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Facts = Readonly<{ program: string; battery?: number }>

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')) as {
  version: string
}

/** Asked before each heartbeat: a battery that cannot be read is none. */
export const factsOf = (name: string) => async (): Promise<Facts> => {
  const battery = (await byTermux().catch(() => undefined)) ?? byKernel()
  return { program: `${name} ${version}`, ...(battery === undefined ? {} : { battery }) }
}

async function byTermux(): Promise<number | undefined> {
  if (!process.env['TERMUX_VERSION']) return undefined
  const { stdout } = await promisify(execFile)('termux-battery-status', { timeout: 10_000 })
  return percentIn((JSON.parse(stdout) as { percentage?: unknown }).percentage)
}

/** As Linux has it, of the first thing that has a charge. */
export function byKernel(folder = '/sys/class/power_supply'): number | undefined {
  try {
    for (const name of readdirSync(folder)) {
      const of = (what: string) => readFileSync(join(folder, name, what), 'utf8').trim()
      if (of('type') === 'Battery') return percentIn(Number(of('capacity')))
    }
  } catch {
    return undefined
  }
  return undefined
}

const percentIn = (value: unknown) =>
  typeof value === 'number' && value >= 0 && value <= 100 ? Math.round(value) : undefined

type Heart = Readonly<{
  house: string
  terminal: string
  secret: string
  facts(): Promise<Facts>
  /** When the phone last showed a notice. */
  shown(): Date | undefined
  /** What the house has told it: taken, and acknowledged with the next beat. */
  told(prompt: Readonly<{ seq: string; class: string; rehearsal: boolean }>): void
  failed(error: unknown): void
  every?: number
}>
type Page = Readonly<{
  rows: readonly Parameters<Heart['told']>[0][]
  place: string
  more: boolean
}>

/** Beats until it is stopped. Where the stream is farther than the last beat said, what came is taken and said at once. */
export function beatOn(heart: Heart): () => void {
  const at = `${heart.house}/v1/notices/terminals/${heart.terminal}`
  let place: string | undefined
  let busy = false
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const response = await fetch(`${at}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', 'terminal-secret': heart.secret },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(15_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return (await response.json()) as T
  }
  const say = async () => {
    const shown = heart.shown()?.toISOString()
    const said = { ...(await heart.facts()), ...(shown ? { shown } : {}) }
    return ask<{ seq: string }>('heartbeat', place === undefined ? said : { ...said, acked: place })
  }
  const beat = async () => {
    const { seq } = await say()
    if (place !== undefined && BigInt(seq) <= BigInt(place)) return
    for (let more = true; more;) {
      const page = await ask<Page>(`prompts${place === undefined ? '' : `?after=${place}`}`)
      for (const prompt of page.rows) heart.told(prompt)
      ;({ place, more } = page)
    }
    await say()
  }
  const go = async () => {
    if (busy) return
    busy = true
    await beat().catch(heart.failed)
    busy = false
  }
  void go()
  const beats = setInterval(() => void go(), heart.every ?? 30_000)
  return () => clearInterval(beats)
}
