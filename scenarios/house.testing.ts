/**
 * `const house = useHouse()` at the top of a scenario: the whole of it, for real. A database of its own,
 * the API with the built web app, the worker, the played bank and platform; two shops, and people who
 * can sign in.
 */
import net from 'node:net'
import path from 'node:path'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildApi } from '@bursar/api'
import {
  admitMerchant,
  createMerchantCode,
  encodeMerchantQr,
  join,
  openPool,
  readTopUp,
  startTopUp,
} from '@bursar/custody'
import { listenTo } from '@bursar/database'
import { useDatabase } from '@bursar/database/testing'
import { bankOverHttp } from '@bursar/gateway-banks'
import { walletOverHttp } from '@bursar/gateway-payments'
import { openCourier } from '@bursar/gateway-webhooks'
import { openVault } from '@bursar/integrators'
import {
  newId,
  type Books,
  type MerchantId,
  type PersonId,
  type PoolId,
  type PurseId,
} from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { cny } from '@bursar/money'
import * as parties from '@bursar/parties'
import { custodyAccount, makeKeys, payersOut, startSandbox, type Sandbox } from '@bursar/sandbox'
import { startWorker, type WorkerOptions } from '@bursar/worker'
import { keptOutside } from './witness.testing.ts'

export type Who = Readonly<{ id: PersonId; name: string; login: string }>
export type Shop = Readonly<{ id: MerchantId; name: string; owner: Who; qr: string }>
export const password = 'a sentence for the test'
export type House = Readonly<{
  ready: Promise<void>
  origin: string
  books: Books
  sandbox: Sandbox
  wallet: ReturnType<typeof walletOverHttp>
  pool: PoolId
  tea: Shop
  noodles: Shop
  reviewer: Who
  supervisor: Who
  custodian: Who
  admin: Who
  /** Somebody new, without a purse. */
  person(name: string): Promise<Who>
  /** A purse with that much in it, topped up through the platform. */
  filled(who: Who, shop: Shop, yuan: string): Promise<PurseId>
}>
type Standing = Omit<House, 'ready' | 'person' | 'filled'>

/** With faces, the first page is the demo's: a visitor picks who to be. */
type Kind = Readonly<{ demo?: boolean }>

export function useHouse({ demo = false }: Kind = {}): House {
  const stops: (() => Promise<unknown>)[] = []
  // Before the database's own hook, which takes the database away.
  after(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })
  const db = useDatabase()
  let standing: Standing | undefined
  const up = () => {
    if (!standing)
      throw new Error('The house stands inside tests, and in hooks after `await house.ready`')
    return standing
  }
  const ready = db.ready.then(async () => void (standing = await build(db.url, demo, stops)))
  before(() => ready)
  return {
    ready,
    get origin() {
      return up().origin
    },
    get books() {
      return up().books
    },
    get sandbox() {
      return up().sandbox
    },
    get wallet() {
      return up().wallet
    },
    get pool() {
      return up().pool
    },
    get tea() {
      return up().tea
    },
    get noodles() {
      return up().noodles
    },
    get reviewer() {
      return up().reviewer
    },
    get supervisor() {
      return up().supervisor
    },
    get custodian() {
      return up().custodian
    },
    get admin() {
      return up().admin
    },
    person: name => person(up().books, name),
    filled: (who, shop, yuan) => filled(up(), who, shop, yuan),
  }
}

async function build(
  url: string,
  demo: boolean,
  stops: (() => Promise<unknown>)[],
): Promise<Standing> {
  const books = openBooks({ url })
  stops.push(() => books.close())
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const keys = makeKeys()
  const notice = (name: string) => `${origin}/v1/gateways/${name}/notify`
  const sandbox = await startSandbox({
    ...{ keys, executeAfter: 200, payOutAfter: 1000, retry: [300, 300, 300] },
    notifyUrls: { wallet: notice('wallet'), bank: notice('bank') },
  })
  stops.push(() => sandbox.stop())
  const ours = keys.operator
  const line = { gateway: 'wallet', account: 'bursar', url: sandbox.walletUrl }
  const wallet = walletOverHttp({ ...line, ours, theirs: keys.wallet })
  const counter = { gateway: 'bank', account: custodyAccount, url: sandbox.bankUrl }
  const bank = bankOverHttp({ ...counter, ours, theirs: keys.bank })
  const institutions = await found(books)
  const unlimited = { person: Infinity, address: Infinity, door: Infinity }
  const { seal, prover } = keptOutside(url, books.sql)
  const webhooks = { courier: openCourier({ open: true }), vault: openVault(Buffer.alloc(32, 7)) }
  const api = await buildApi({
    ...{ books, wallets: [wallet] as const, bank, webhooks, prover },
    // Two cores serve the page, the house and its browser: slowness is no busy house here.
    ...{ origin, logger: false, limits: unlimited, behindMost: 60_000 },
    notices: ear => listenTo(url, 'notices', ear),
    web: await builtWeb(),
    ...(demo && { demo: { faces: () => facesOf(institutions) } }),
  })
  stops.push(() => api.close())
  await api.listen({ port, host: 'localhost' })
  const quiet = { info: () => undefined, warn: () => undefined }
  const every = {
    payouts: 500,
    residues: 500,
    answers: 500,
    topUps: 1000,
    seals: 1000,
    events: 500,
    deliveries: 500,
  }
  const outside = { books, wallets: [wallet], bank, webhooks, seal }
  const moved: WorkerOptions['moved'] = ear => listenTo(url, 'notices_books', ear)
  const worker = startWorker({ ...outside, moved, logger: quiet, every })
  stops.push(() => worker.stop())
  return { origin, books, sandbox, wallet, ...institutions }
}

async function found(books: Books) {
  const [operator, bank, watcher, pool] = [newId('ins'), newId('ins'), newId('ins'), newId('pol')]
  await parties.foundInstitution(books, { id: operator, kind: 'operator', name: '预付服务中心' })
  await parties.foundInstitution(books, { id: bank, kind: 'bank', name: '锦城银行' })
  await parties.foundInstitution(books, { id: watcher, kind: 'supervisor', name: '监管处' })
  const seated = async (name: string, institution: typeof bank, role: parties.InstitutionRole) => {
    const who = await person(books, name)
    await parties.appoint(books, { institution, person: who.id, role, by: null })
    return who
  }
  const admin = await seated('宋清', operator, 'admin')
  const reviewer = await seated('何思远', operator, 'reviewer')
  const custodian = await seated('顾明辉', bank, 'custodian')
  const supervisor = await seated('方正平', watcher, 'supervisor')
  const platforms = Object.values(payersOut)
  const named = { book: 1, name: '一号资金池', currency: 'CNY', account: custodyAccount, platforms }
  await openPool(books, { id: pool, ...named, bank, supervisor: watcher })
  const [name, account] = ['老茶馆', '6228480018345678123']
  const tea = await shop(books, { name, trade: 'teahouse', account, reviewer, pool })
  // The played bank knows no account that ends so.
  const wrong = { name: '知味面馆', account: '6228480018345679999' }
  const noodles = await shop(books, { ...wrong, trade: 'restaurant', reviewer, pool })
  return { pool, tea, noodles, admin, reviewer, custodian, supervisor }
}

const facesOf = ({ tea, reviewer, supervisor }: Awaited<ReturnType<typeof found>>) =>
  (
    [
      [tea.owner, 'owner', tea.name],
      [reviewer, 'reviewer', '预付服务中心'],
      [supervisor, 'supervisor', '监管处'],
    ] as const
  ).map(([who, role, organisation]) => ({ person: who.id, name: who.name, role, organisation }))

type Opening = Readonly<{
  name: string
  trade: parties.Trade
  account: string
  reviewer: Who
  pool: PoolId
}>

async function shop(
  books: Books,
  { name, trade, account, reviewer, pool }: Opening,
): Promise<Shop> {
  const [owner, id, code] = [await person(books, `${name}店主`), newId('mer'), newId('mcd')]
  const payee = { bank: '锦城银行', account, name }
  const facts = {
    name,
    trade,
    licence: id,
    representative: owner.name,
    address: '锦城市青羊路 18 号',
  }
  await parties.applyMerchant(books, { id, by: owner.id, ...facts, payee })
  await parties.decideMerchant(books, { merchant: id, by: reviewer.id, step: 'approve' })
  await admitMerchant(books, { merchant: id, pool })
  await createMerchantCode(books, { id: code, merchant: id, by: owner.id, label: '前台' })
  const qr = encodeMerchantQr({ merchantCode: code, name, city: 'JINCHENG', trade })
  return { id, name, owner, qr }
}

/** All have the first one's password, and its hash: another would be 0.04 s of processor. */
async function person(books: Books, name: string): Promise<Who> {
  const id = newId('per')
  const login = `${id.slice(-12)}@example.com`
  const [hashed] = await books.sql<{ by: PersonId }>`
    select id as by from parties.person where password is not null limit 1`
  const anew = hashed ? {} : { password }
  await parties.register(books, { id, name, email: login, ...anew, locale: 'zh-CN' })
  if (hashed)
    await books.sql`
      update parties.person set password = other.password
      from parties.person other where person.id = ${id} and other.id = ${hashed.by}`
  return { id, name, login }
}

async function filled(
  { books, sandbox, wallet, origin }: Standing,
  { id: by }: Who,
  { id: merchant }: Shop,
  yuan: string,
): Promise<PurseId> {
  const { id: purse } = await join(books, { person: by, merchant })
  const id = newId('top')
  await startTopUp(books, wallet, { id, purse, amount: cny(yuan), by, returnUrl: origin })
  sandbox.pay(id)
  for (let left = 200; (await readTopUp(books, id)).state !== 'credited'; left--) {
    if (left === 0) throw new Error('The platform’s notice did not come in ten seconds')
    await sleep(50)
  }
  return purse
}

/** The web app as it is served: built when it is not, or is older than its sources. */
async function builtWeb(): Promise<string> {
  const tool = path.join(fileURLToPath(new URL('../tools/', import.meta.url)), 'web.mjs')
  const { buildWeb } = (await import(pathToFileURL(tool).href)) as {
    buildWeb(options: object): Promise<string | undefined>
  }
  const said: string[] = []
  const built = await buildWeb({ say: (line: string) => said.push(line) })
  if (!built) throw new Error(said.join('\n'))
  return built
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, 'localhost', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
