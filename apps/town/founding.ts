/**
 * The first morning: the institutions and their officers, the pool, the shops with their owners, staff,
 * outlets and QR codes; and everybody who will be a member.
 */
import { admitMerchant, createMerchantCode, openPool, type MerchantCodeId } from '@bursar/custody'
import {
  idFor,
  type Books,
  type InstitutionId,
  type MerchantId,
  type OutletId,
  type PersonId,
  type TillId,
  type PoolId,
} from '@bursar/kernel'
import * as parties from '@bursar/parties'
import { payersOut } from '@bursar/sandbox'
import type { Chance } from './chance.ts'
import type { Days } from './days.ts'
import { applicants, shops, type Shop } from './merchants.ts'
import { faces, institutions, namesFor, personIdOf, type Face } from './people.ts'

export const book = 1
export const poolId: PoolId = idFor('pol', 'town', 'pool', 'first')
const institutionId = (kind: keyof typeof institutions): InstitutionId =>
  idFor('ins', 'town', 'institution', kind)
export const operatorId = institutionId('operator')
export const merchantIdOf = (shop: Shop): MerchantId => idFor('mer', 'town', 'merchant', shop.key)
export const outletIdOf = (shop: Shop, place: number): OutletId =>
  idFor('out', 'town', `outlet ${shop.key}`, String(place))
/** A till of its first outlet. */
const pointIdOf = (shop: Shop, place: number): TillId =>
  idFor('til', 'town', `till ${shop.key}`, String(place))
export const codeIdOf = (shop: Shop, place: number): MerchantCodeId =>
  idFor('mcd', 'town', `code ${shop.key}`, String(place))
export const memberIdOf = (person: number): PersonId =>
  person === 0 ? personIdOf('consumer') : personIdOf(`member ${person}`)
/** Tea house and reviewer are faces; elsewhere the owner is known by the shop. */
export const ownerIdOf = (shop: Shop): PersonId =>
  shop.key === 'tea' ? personIdOf('owner') : personIdOf(`owner ${shop.key}`)
export const tillIdOf = (shop: Shop): PersonId =>
  shop.key === 'tea' ? personIdOf('staff') : personIdOf(`staff ${shop.key} 0`)
export const reviewers = [personIdOf('reviewer'), personIdOf('second reviewer')] as const
export const admin = personIdOf('admin')

export type Founding = Readonly<{
  books: Books
  days: Days
  /** When the institutions were founded. It says when the month ends, should it be taken up again. */
  begun: Date
  chance: Chance
  people: number
  /** Our account at the bank. */
  account: string
  passwordOf(face: Face): string
  /** One more thing is done. */
  tick(): void
}>

const phoneOf = (kind: 7 | 8 | 9, n: number) => `+8613${kind}${String(20_000_000 + n * 137)}`

export async function found(town: Founding): Promise<void> {
  const { books, days } = town
  const at = days.start
  await Promise.all(faces.map(face => bePerson(town, { id: face.person, ...face })))
  const second = { id: reviewers[1], name: '蒋楠', login: '+8613800000008' }
  await bePerson(town, second)
  for (const [kind, name] of Object.entries(institutions) as [keyof typeof institutions, string][])
    await parties.foundInstitution(books, { id: institutionId(kind), kind, name, at: town.begun })
  await seatOfficers(town)
  const [bank, supervisor] = [institutionId('bank'), institutionId('supervisor')]
  const { account } = town
  const name = '锦城预付资金一号池'
  const named = {
    name,
    currency: 'CNY',
    bank,
    supervisor,
    account,
    platforms: Object.values(payersOut),
  }
  await openPool(books, { id: poolId, book, ...named })
  for (const shop of shops) await openShop(town, shop)
  const names = namesFor(town.chance, town.people)
  await eightAtOnce([...names.keys()].slice(1), async n => {
    const joined = new Date(at.getTime() + n * 1000)
    await bePerson(town, { id: memberIdOf(n), name: names[n]!, login: phoneOf(9, n), at: joined })
    town.tick()
  })
}

type Somebody = Readonly<{ id: PersonId; name: string; login: string; at?: Date; key?: string }>

/** Only faces can sign in with a password: hashing two hundred of them would take six seconds. */
async function bePerson({ books, days, passwordOf }: Founding, one: Somebody): Promise<void> {
  const { id, name, login, at = days.start } = one
  const face = faces.find(({ person }) => person === id)
  const password = face && passwordOf(face)
  const asked = { id, name, phone: login, locale: 'zh-CN' as const, at }
  await parties.register(books, { ...asked, ...(password !== undefined && { password }) })
}

async function seatOfficers({ books, days }: Founding): Promise<void> {
  const at = days.start
  const seats = [
    ['operator', admin, 'admin'],
    ['operator', reviewers[0], 'reviewer'],
    ['operator', reviewers[1], 'reviewer'],
    ['bank', personIdOf('custodian'), 'custodian'],
    ['supervisor', personIdOf('supervisor'), 'supervisor'],
  ] as const
  for (const [kind, person, role] of seats)
    await parties.appoint(books, { institution: institutionId(kind), person, role, by: null, at })
}

const placeOf = (shop: Shop) => [...shops, ...applicants].findIndex(one => one.key === shop.key)
export const payeeOf = (shop: Shop): parties.Payee => ({
  bank: ['锦城银行', '川江银行', '西部农商行'][placeOf(shop) % 3]!,
  account: `622848001${String(3_120_455_121 + placeOf(shop) * 7_919)}`,
  name: `${shop.name}（${shop.owner}）`,
})
const licenceOf = (n: number) => `91510100MA6${String(7_310_427 + n * 65_537).padStart(7, '0')}`

export async function apply(town: Founding, shop: Shop, at: Date): Promise<MerchantId> {
  const place = placeOf(shop)
  const [merchant, owner] = [merchantIdOf(shop), ownerIdOf(shop)]
  if (shop.key !== 'tea')
    await bePerson(town, { id: owner, name: shop.owner, login: phoneOf(7, place), at })
  await parties.applyMerchant(town.books, {
    ...{ id: merchant, by: owner, name: shop.name, trade: shop.trade, address: shop.address, at },
    licence: licenceOf(place),
    representative: shop.owner,
    payee: payeeOf(shop),
  })
  return merchant
}

async function openShop(town: Founding, shop: Shop): Promise<void> {
  const { books, days } = town
  const at = days.start
  const merchant = await apply(town, shop, at)
  const owner = ownerIdOf(shop)
  const { state } = await parties.merchantOf(books, merchant)
  if (state === 'applicant')
    await parties.decideMerchant(books, { merchant, by: reviewers[0], step: 'approve', at })
  await admitMerchant(books, { merchant, pool: poolId })
  for (const [place, name] of shop.outlets.entries()) {
    const address = place === 0 ? shop.address : `${shop.address}（${name}）`
    await parties.addOutlet(books, { id: outletIdOf(shop, place), merchant, name, address, at })
  }
  for (const [place, name] of (shop.tills ?? []).entries()) {
    const id = pointIdOf(shop, place)
    await parties.addTill(books, { id, merchant, outlet: outletIdOf(shop, 0), name, at })
  }
  for (const [place, name] of shop.outlets.entries()) {
    const [outlet, id] = [outletIdOf(shop, place), codeIdOf(shop, place)]
    await createMerchantCode(books, { id, merchant, by: owner, outlet, label: `${name}收款码`, at })
  }
  for (const [place, name] of (shop.tills ?? []).entries()) {
    const till = pointIdOf(shop, place)
    const id = idFor('mcd', 'town', `code ${shop.key} till`, String(place))
    await createMerchantCode(books, { id, merchant, by: owner, till, label: `${name}收款码`, at })
  }
  for (const [place, name] of shop.staff.entries()) {
    const person = place === 0 ? tillIdOf(shop) : personIdOf(`staff ${shop.key} ${place}`)
    const login = phoneOf(8, shops.indexOf(shop) * 10 + place)
    if (person !== personIdOf('staff')) await bePerson(town, { id: person, name, login })
    await parties.seat(books, { merchant, person, role: 'staff', by: owner, at })
  }
  town.tick()
}

/** Eight at a time: enough to keep a connection pool of ten busy. */
export async function eightAtOnce<T>(
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const left = [...all].values()
  const lane = async () => {
    for (const one of left) await work(one)
  }
  await Promise.all(Array.from({ length: 8 }, lane))
}
