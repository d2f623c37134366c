/** What the server is told when it is built, and what each request carries through it. */
import type { Actor, Books, Clock, Integrator, PersonId } from '@bursar/kernel'
import type { Bank } from '@bursar/settlement/bank'
import type { Route } from '@bursar/contract'
import type { Vault } from '@bursar/integrators'
import type { Courier } from '@bursar/integrators/courier'
import type { Texts } from '@bursar/notices'
import type { Wallet } from '@bursar/custody/wallet'
import type { Witness } from '@bursar/ledger/seals'
import type { Proof } from '@bursar/ledger/verify'
import type { Logger } from 'pino'
import type { Holders } from './actors.ts'
import type { Report } from './conformity.ts'
import type { Facts } from './facts.ts'
import type { Locale } from './language.ts'
import type { Limits } from './limits.ts'
import type { Metrics } from './metrics.ts'

/** A face of the demo town: somebody whom a visitor may become with one tap. */
export type Face = Readonly<{
  person: PersonId
  name: string
  role: 'consumer' | 'owner' | 'staff' | 'admin' | 'reviewer' | 'custodian' | 'supervisor'
  organisation?: string
}>

export type Prover = Readonly<{
  witnesses: readonly Witness[]
  prove(book: number, progress: (entries: bigint) => void): Promise<Proof>
}>

export type Wallets = readonly [Wallet, ...Wallet[]]
export type ApiOptions = Readonly<{
  books: Books
  /** The first is asked where nobody says which. */
  wallets: Wallets
  bank: Bank
  /** Where people reach us, as a browser writes it: `https://pay.example`. */
  origin: string
  /** Further addresses of the same installation; a change from any other origin is refused. */
  origins?: readonly string[]
  clock?: Clock
  logger?: Logger | false
  /** Only a demo has faces; without them its routes answer 404. */
  demo?: Readonly<{
    faces(): Promise<readonly Face[]> | readonly Face[]
    progress?(): Readonly<{ state: 'building' | 'ready' | 'failed'; done: number; total: number }>
  }>
  /** Tells of orders that were placed or have changed, until what it answers; without it screens poll. */
  orders?: (ear: Readonly<{ heard(payload: string): void; missed(): void }>) => () => Promise<void>
  /** Tells of prompts and terminals, until what it answers; without it nobody is told, and terminals poll. */
  notices?: (ear: Readonly<{ heard(payload: string): void; missed(): void }>) => () => Promise<void>
  /** Reads the attributes out of what a phone showed; without it, only what is said counts. */
  texts?: Texts
  /** Adds a book up again from nothing, beside the requests; without it the desk only reads the heads. */
  prover?: Prover
  /** Which addresses merchants may be told at, and what makes their secrets; without it, none. */
  webhooks?: Readonly<{ courier: Courier; vault: Vault }>
  /** SHA-256, in hex, of the one-time token that lets the first operator in. */
  setUpTokenHash?: string
  /** The folder of the built web app. */
  web?: string
  https?: Readonly<{ key: string; cert: string }>
  /** Trust X-Forwarded-For of these addresses only. Without it the header moves no limit. */
  trustProxy?: string | readonly string[]
  limits?: Partial<Limits>
  /** Milliseconds that the event loop may come late before new work is refused. Default 750. */
  behindMost?: number
  /** Who brings it as a Bearer token may read /metrics; without it, only this machine may. */
  metricsToken?: string
  /** What else must hold before we say that we are ready. */
  ready?: () => Promise<Readonly<Record<string, boolean>>>
  /** Tests: is told of every answer that its contract does not describe. */
  conformity?: Report
}>

export type House = Readonly<{
  books: Books
  clock: Clock
  origin: string
  origins: ReadonlySet<string>
  /** Whether people reach us by https, so that cookies are for https alone. */
  secure: boolean
  limits: Limits
  metrics: Metrics
  /** Told of each request that was refused as busy. */
  countBusy: (facts: Facts) => void
  actors: Holders<Actor>
  integrators: Holders<Integrator>
}>

declare module 'fastify' {
  interface FastifyInstance {
    house: House
    /** Every route that was registered, for the permission matrix. */
    registered: { method: string; path: string; contract?: Route }[]
  }
  interface FastifyRequest {
    actor: Actor | undefined
    /** Who brought an API key; then there is no actor, whatever cookies came along. */
    integrator: Integrator | undefined
    locale: Locale
  }
  interface FastifyContextConfig {
    contract?: Route
  }
}
