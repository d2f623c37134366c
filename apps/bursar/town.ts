/**
 * The demo town, built behind the first page: it lives its month on a clock of its own, and the played
 * bank and platform are told what they did in it. Only then does the present begin: until then nobody is
 * let in by a face, because a book's time never falls. A start that was stopped half-way goes on.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Wallet } from '@bursar/custody'
import { stoppedClock } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import type { Sandbox } from '@bursar/sandbox'
import { faces, reconcileTown, seedTown } from '@bursar/town'
import type { Logger } from 'pino'
import type { Face } from '@bursar/api'

type Progress = Readonly<{ state: 'building' | 'ready' | 'failed'; done: number; total: number }>
type Gateway = Readonly<{ gateway: string; account: string }>
export type Town = Readonly<{
  demo: Readonly<{ faces(): readonly Face[]; progress(): Progress }>
  /** One line per role. */
  signIns(): string[]
  /** Ends when the town stands, or cannot. */
  begin(): Promise<void>
  stop(): Promise<void>
}>
type Options = Readonly<{
  url: string
  folder: string
  wallet: Gateway
  alipay: Wallet
  bank: Gateway
  sandbox: Sandbox
  journal: Logger
}>

export function openTown(options: Options): Town {
  const { folder, journal } = options
  const password = passwordIn(folder)
  const stopping = new AbortController()
  let progress: Progress = { state: 'building', done: 0, total: 0 }
  const tell = (done: number, total: number) => void (progress = { ...progress, done, total })

  async function build(): Promise<void> {
    const began = performance.now()
    try {
      await seed(options, password, stopping.signal, tell)
      progress = { ...progress, state: 'ready' }
      journal.info({ ms: Math.round(performance.now() - began) }, 'the demo town stands')
    } catch (err) {
      if (stopping.signal.aborted) return
      progress = { ...progress, state: 'failed' }
      journal.error({ err }, 'the demo town could not be built')
    }
  }

  let begun: Promise<void> | undefined
  return {
    demo: { faces: () => shown, progress: () => progress },
    signIns: () => signIns(password),
    begin: () => (begun ??= build()),
    async stop() {
      stopping.abort()
      await begun
    },
  }
}

/** What a visitor sees of them. */
const shown = faces.map(({ person, name, role, organisation }): Face => ({
  person,
  name,
  role,
  ...(organisation && { organisation }),
}))

async function seed(
  { url, folder, wallet, alipay, bank, sandbox }: Options,
  password: string,
  signal: AbortSignal,
  tell: (done: number, total: number) => void,
): Promise<void> {
  // Written last: whatever was cut off before is done again, and finds itself done.
  const built = path.join(folder, 'town-stands')
  if (fs.existsSync(built)) return
  const clock = stoppedClock(new Date())
  const books = openBooks({ url: unhurried(url), clock: clock.now })
  try {
    const { past } = await seedTown({
      books,
      clock,
      wallet,
      alipay,
      bank,
      signal,
      passwordOf: () => password,
      progress: ({ done, total }) => tell(done, total),
    })
    await sleep(longestUnwritten)
    sandbox.recall(past)
    await reconcileTown(books, alipay, clock.now())
    fs.writeFileSync(built, '')
  } finally {
    await books.close()
  }
}

/**
 * The month is written without waiting for the disk at each moment: what a power cut takes is done again
 * by the next start. PostgreSQL has everything on disk within three rounds of its writer, 0.6 s.
 */
const longestUnwritten = 1000
function unhurried(url: string): string {
  const to = new URL(url)
  to.searchParams.set('options', '-c synchronous_commit=off')
  return to.href
}

/** Of this data folder alone: a demo on a local network has no password that the whole world knows. */
function passwordIn(folder: string): string {
  const file = path.join(folder, 'demo-password')
  if (!fs.existsSync(file))
    fs.writeFileSync(file, `town-${randomBytes(6).toString('hex')}`, { mode: 0o600, flush: true })
  return fs.readFileSync(file, 'utf8').trim()
}

function signIns(password: string): string[] {
  const rows = faces.map(({ role, login, organisation }) =>
    `  ${role.padEnd(12)} ${login}  ${organisation ?? ''}`.trimEnd(),
  )
  const counter = '  The tea house’s counter is at /notices/terminals, as its owner or at its till.'
  return [
    `  Sign in with one tap on the page, or with the password ${password} as`,
    ...rows,
    counter,
  ]
}
