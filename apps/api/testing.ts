/**
 * `const api = useApi()` at the top of a test file gives it the whole server over a database of its own.
 *
 *   const ann = await api.as('consumer')
 *   const owner = await api.as('owner', { merchant })
 *   const answer = await ann.post('/v1/…', { … }, { key: 'a wish' })
 *
 * After every test, each answer that was given must have been one that the contract describes.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { listenTo } from '@bursar/database'
import { useDatabase } from '@bursar/database/testing'
import type { Role } from '@bursar/contract'
import {
  newId,
  scopes,
  type Books,
  type InstitutionId,
  type MerchantId,
  type PersonId,
  type Scope,
} from '@bursar/kernel'
import { openVault } from '@bursar/integrators'
import { openBooks } from '@bursar/ledger'
import * as parties from '@bursar/parties'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { buildApi, type ApiOptions } from './api.ts'

export const origin = 'http://localhost:4000'

export type Send = Readonly<{ key?: string; headers?: Readonly<Record<string, string>> }>
export type Answer = LightMyRequestResponse
export type Client = Readonly<{
  person: PersonId
  cookie: string
  get(url: string, send?: Send): Promise<Answer>
  post(url: string, body?: object, send?: Send): Promise<Answer>
  put(url: string, body?: object, send?: Send): Promise<Answer>
  patch(url: string, body?: object, send?: Send): Promise<Answer>
  delete(url: string, send?: Send): Promise<Answer>
  send(ask: InjectOptions): Promise<Answer>
}>
export type Place = Readonly<{ merchant?: MerchantId; institution?: InstitutionId }>
export type TestApi = Readonly<{
  /** For hooks: they do not wait for each other. */
  ready: Promise<void>
  app: FastifyInstance
  books: Books
  /** As the migrations' owner: to look at what nobody else may see. */
  ownerUrl: string
  /** Somebody new, signed in, with a seat of this role: at the place given, or at a new one. */
  as(role: Role, place?: Place): Promise<Client>
  /** Somebody without a session. */
  guest: Client
  /** A merchant's own program: it brings an API key, of every scope unless told. */
  program(merchant: MerchantId, owner: PersonId, its?: readonly Scope[]): Promise<Client>
  /** A merchant that trades, with its owner. */
  merchant(
    more?: Readonly<{ name?: string; state?: 'applicant' | 'active' }>,
  ): Promise<{ id: MerchantId; owner: PersonId }>
  person(name?: string): Promise<PersonId>
  /** Signs in somebody who is there already. */
  session(person: PersonId): Promise<Client>
}>

const quiet: Readonly<Record<string, unknown>> = { gateway: 'silent', ways: [], payer: undefined }
/** Takes every address, and carries nothing. */
const webhooks = {
  courier: { takes: () => true, send: async () => ({ error: 'not_reached' as const }) },
  vault: openVault(Buffer.alloc(32, 7)),
}
const silent = {
  get: (_: object, name: string) =>
    name in quiet ? quiet[name] : () => Promise.reject(new Error(`No ${name} in this test`)),
}

const unlimited = { person: Infinity, key: Infinity, address: Infinity, door: Infinity }
const ports = {
  wallets: [new Proxy({}, silent)] as never,
  bank: new Proxy({}, silent) as never,
  // Files share two cores: what is slow here says nothing of the house. pressure.test.ts has its own.
  behindMost: 60_000,
}

/** What a test changes; a function, because the database is not there when the file is read. */
export function useApi(more: () => Partial<ApiOptions> = () => ({})): TestApi {
  const db = useDatabase()
  const flaws: string[] = []
  let app: FastifyInstance
  let books: Books

  const start = async () => {
    await db.ready
    books = openBooks({ url: db.url })
    const conformity = (flaw: string) => void flaws.push(flaw)
    app = await buildApi({
      books,
      origin,
      ...ports,
      logger: false,
      limits: unlimited,
      conformity,
      webhooks,
      orders: ear => listenTo(db.url, 'cashier_orders', ear),
      notices: ear => listenTo(db.url, 'notices', ear),
      ...more(),
    })
  }
  const ready = start()
  before(() => ready)
  afterEach(() => assert.deepEqual(flaws.splice(0), [], 'every answer is as the contract says'))
  after(async () => {
    await app?.close()
    await books?.close()
  })

  const session = async (person: PersonId): Promise<Client> => {
    const opened = await parties.openSession(books, { person, agent: 'test', address: '::1' })
    return clientOf(() => app, person, `__Host-session=${opened.token}`)
  }
  return {
    ready,
    get app() {
      return app
    },
    get books() {
      return books
    },
    get ownerUrl() {
      return db.ownerUrl
    },
    guest: clientOf(() => app, 'per_guest', ''),
    program: async (merchant, by, its = scopes) => {
      const made = await parties.makeApiKey(books, { merchant, name: '网店', scopes: its, by })
      return keyClientOf(() => app, made.secret)
    },
    session,
    person: name => newPerson(books, name),
    merchant: more => newMerchant(books, more),
    as: async (role, place = {}) => {
      if (role === 'guest') return clientOf(() => app, 'per_guest', '')
      const person = await newPerson(books, role)
      if (role !== 'consumer') await sitDown(books, person, role, place)
      return await session(person)
    },
  }
}

let people = 0
async function newPerson(books: Books, name = '某人'): Promise<PersonId> {
  const id = newId('per')
  await parties.register(books, {
    id,
    name,
    email: `${++people}-${id}@example.com`,
    locale: 'zh-CN',
  })
  return id
}

async function newMerchant(
  books: Books,
  {
    name = '老茶馆',
    state = 'active',
  }: Readonly<{ name?: string; state?: 'applicant' | 'active' }> = {},
) {
  const [id, owner, reviewer] = [
    newId('mer'),
    await newPerson(books, '老板'),
    await newPerson(books, '审核员'),
  ]
  const payee = { bank: '沙盒银行', account: '6217000000001234', name }
  const paper = {
    licence: `91${id.slice(-16)}`,
    representative: '王一',
    address: '人民路 1 号',
    payee,
  }
  await parties.applyMerchant(books, { id, by: owner, name, trade: 'teahouse', ...paper })
  if (state === 'active')
    await parties.decideMerchant(books, { merchant: id, by: reviewer, step: 'approve' })
  return { id, owner }
}

const kinds = {
  admin: 'operator',
  reviewer: 'operator',
  custodian: 'bank',
  supervisor: 'supervisor',
} as const

async function sitDown(
  books: Books,
  person: PersonId,
  role: Exclude<Role, 'guest' | 'consumer'>,
  place: Place,
) {
  if (role === 'owner' || role === 'staff') {
    const merchant = place.merchant ?? (await newMerchant(books)).id
    return await parties.seat(books, { merchant, person, role, by: null })
  }
  const institution = place.institution ?? newId('ins')
  if (!place.institution)
    await parties.foundInstitution(books, { id: institution, kind: kinds[role], name: role })
  await parties.appoint(books, { institution, person, role, by: null })
}

/** A program sends no Origin and no cookie. */
export const keyClientOf = (app: () => FastifyInstance, secret: string): Client =>
  sender(app, 'per_program', { host: 'localhost:4000', authorization: `Bearer ${secret}` })

const clientOf = (app: () => FastifyInstance, person: PersonId, cookie: string): Client =>
  sender(app, person, { host: 'localhost:4000', origin, ...(cookie && { cookie }) })

function sender(
  app: () => FastifyInstance,
  person: PersonId,
  base: Readonly<Record<string, string>>,
): Client {
  const send = (ask: InjectOptions) =>
    app().inject({ ...ask, headers: { ...base, ...ask.headers } })
  const ask = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body: object | undefined,
    { key, headers }: Send = {},
  ) =>
    send({
      method,
      url,
      ...(body && { payload: body }),
      headers: { ...headers, ...(key && { 'idempotency-key': key }) },
    })
  return {
    person,
    cookie: base['cookie'] ?? '',
    send,
    get: (url, more) => ask('GET', url, undefined, more),
    post: (url, body, more) => ask('POST', url, body, more),
    put: (url, body, more) => ask('PUT', url, body, more),
    patch: (url, body, more) => ask('PATCH', url, body, more),
    delete: (url, more) => ask('DELETE', url, undefined, more),
  }
}
