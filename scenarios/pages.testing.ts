/**
 * Every main page, at a phone in Chinese and at a desk in English: nothing serious for axe, no error. Two files,
 * for that is a hundred pages, and files run beside one another.
 */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  catalogueOf,
  closeShift,
  dayReport,
  makeZReport,
  offerShift,
  openShift,
  openTab,
  placeOrder,
  placesOf,
  takeStep,
  type TabId,
} from '@bursar/cashier'
import { spend } from '@bursar/custody'
import { newId, type MerchantId, type PersonId, type PurseId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { seat } from '@bursar/parties'
import { request, type ResidueId } from '@bursar/settlement'
import type { Page } from 'playwright-core'
import { layTable } from './bar.testing.ts'
import { useBrowser, type People } from './browser.testing.ts'
import { brokenBill } from './bills.testing.ts'
import { openCounter } from './counter.testing.ts'
import { useHouse, type House, type Who } from './house.testing.ts'
import { flawsOf } from './readable.testing.ts'
import { askedOf, refusedOf } from './refused.testing.ts'
import { strayIn } from './stray.testing.ts'

export type Face = 'consumer' | 'owner' | 'reviewer' | 'supervisor'

let house: House
let people: People
const spent = newId('spd')
const asked = newId('stl')
let stray: string
let ann: Who
let purse: PurseId
let table: string
let sat: TabId
let ordered: `gds_${string}`
let outlet: `out_${string}`
let differs: string
let refund: ResidueId
let counter: Awaited<ReturnType<typeof openCounter>>

/** The house of this file, with something on every page. */
function useEverything(): void {
  house = useHouse()
  people = useBrowser(house, () => house.tea.qr, { fonts: true })
  before(async () => {
    await house.ready
    const { books, tea } = house
    ann = await house.person('李晓梅')
    purse = await house.filled(ann, tea, '200.00')
    const paid = { purse, merchant: tea.id, by: ann.id }
    await spend(books, { id: spent, ...paid, amount: cny('38.00'), note: '盖碗茶' })
    await spend(books, { id: newId('spd'), ...paid, amount: cny('12.50') })
    table = await layTable(house, tea)
    sat = await sit(paid)
    stray = await strayIn(house)
    differs = await brokenBill(house)
    await ended()
    refund = await askedOf(house, ann, purse)
    await refusedOf(house, ann, purse, '7.00')
    counter = await openCounter(house, tea)
    await request(books, { id: asked, merchant: tea.id, by: tea.owner.id, amount: cny('30.00') })
  })
}

/** A tab with an order that the merchant has accepted and one that waits. */
async function sit({
  purse,
  merchant,
  by,
}: {
  purse: PurseId
  merchant: MerchantId
  by: PersonId
}) {
  const { books } = house
  const { items } = await catalogueOf(books, merchant)
  const item = items[0]!.id
  const id = newId('tab')
  const tab = await openTab(books, { id, purse, token: table.split('/').at(-1)!, by })
  for (const step of ['accept', undefined] as const) {
    ordered = newId('gds')
    await placeOrder(books, { id: ordered, tab, lines: [{ item, count: 1 }], by })
    if (step) await takeStep(books, { order: ordered, step, by: house.tea.owner.id })
  }
  return tab
}

/** The day is final already, with a counted shift, as though its end had come; another has been offered to a colleague. */
async function ended(): Promise<void> {
  const { books, tea } = house
  const [place] = await placesOf(books, { merchant: tea.id })
  outlet = place!.outlet
  const at = { merchant: tea.id, by: tea.owner.id }
  const lin = await house.person('林小雨')
  await seat(books, { merchant: tea.id, person: lin.id, role: 'staff', by: tea.owner.id })
  const counts = [
    { means: 'balance', amount: cny('50.50') },
    { means: 'wallet', amount: cny('180.00') },
  ]
  const first = newId('shf')
  await openShift(books, { ...at, id: first, outlet, at: new Date(Date.now() - 3_600_000) })
  await closeShift(books, { ...at, id: first, counts, note: '少听到一笔' })
  const { day, endsAt } = await dayReport(books, { merchant: tea.id, outlet })
  await makeZReport(books, { ...at, outlet, day, at: endsAt })
  const second = newId('shf')
  await openShift(books, { ...at, id: second, outlet })
  await offerShift(books, { ...at, id: second, counts, to: lin.id })
}

const bar = () => `/cashier/merchants/${house.tea.id}`
const told = () => `/notices/merchants/${house.tea.id}`
const held = () => `/notices/terminals/${counter.terminal}`
const merchant = () => `/custody/merchants/${house.tea.id}`
const faces: Readonly<Record<Face, readonly [who: () => Who, pages: () => string[]]>> = {
  consumer: [
    () => ann,
    () => [
      '/custody/purses',
      `/custody/purses/${purse}`,
      `/custody/purses/${purse}/top-up`,
      `/custody/purses/${purse}/code`,
      `/custody/spends/${spent}`,
      table,
      `/cashier/tabs/${sat}`,
      `/cashier/tabs/${sat}/checkout`,
      `/cashier/purses/${purse}/orders`,
      `/cashier/dockets/${ordered}`,
      `/cashier/purses/${purse}/bindings`,
      `/custody/purses/${purse}/withdraw`,
      '/parties/merchants',
      '/notices/terminals',
      '/notices/accept',
      '/parties/me',
    ],
  ],
  owner: [
    () => house.tea.owner,
    () => [
      merchant(),
      `${merchant()}/charge`,
      `${merchant()}/spends`,
      `${merchant()}/members`,
      `${merchant()}/codes`,
      bar(),
      `${bar()}/tabs`,
      `${bar()}/tabs/${sat}`,
      `${bar()}/catalogue`,
      `${bar()}/seats`,
      `${bar()}/seats/signs?paper=a6`,
      `${bar()}/shifts`,
      `${bar()}/shifts/x-report`,
      `${bar()}/shifts/z-reports/${outlet}/1`,
      `${bar()}/outlets`,
      `${bar()}/dockets`,
      `${bar()}/dockets/${ordered}`,
      `/settlement/merchants/${house.tea.id}`,
      `/parties/merchants/${house.tea.id}/settings`,
      `/integrators/merchants/${house.tea.id}`,
      `/integrators/merchants/${house.tea.id}/events`,
      `${told()}?rehearsal=true`,
      `${told()}/notices/${counter.notice}`,
      `${told()}/evidence`,
      `${told()}/terminals`,
      `${told()}/health`,
      `${told()}/nights`,
      `${told()}/refund-requests`,
      `${told()}/counters`,
      '/notices/terminals',
      held(),
      `${held()}/paste`,
      `${held()}/counter`,
    ],
  ],
  reviewer: [
    () => house.reviewer,
    () => [
      '/settlement/requests',
      `/settlement/requests/${asked}`,
      '/settlement/breaks',
      '/settlement/residues',
      `/settlement/residues/${refund}`,
      '/parties/admission',
      `/parties/admission/${house.tea.id}`,
      '/custody/suspense',
      `/custody/suspense/${stray}`,
      '/custody/parts',
      '/reconciliation',
      '/reconciliation/breaks',
      `/reconciliation/breaks/${differs}`,
    ],
  ],
  supervisor: [
    () => house.supervisor,
    () => [
      `/custody/pools/${house.pool}`,
      `/custody/pools/${house.pool}/proof`,
      '/custody/suspense?state=all',
      `/custody/pools/${house.pool}/terms/purses`,
      `/custody/pools/${house.pool}/entries?account=pool/custody`,
    ],
  ],
}

/** Two tests a face: the pages that this one sees, at a phone in Chinese and at a desk in English. */
export function readThrough(...these: readonly Face[]): void {
  useEverything()
  for (const face of these) {
    const [who, pages] = faces[face]

    test(`P1-22 the pages of a ${face} can be read by everybody, at a phone in Chinese`, async () => {
      const page = await people.phone(who(), { at: pages()[0]! })
      assert.deepEqual(await unserved(page, pages()), [])
      assert.deepEqual(await flawsOn(page, pages()), [])
      assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN')
      await people.close(page)
    })

    test(`P1-22 the pages of a ${face} can be read by everybody, at a desk in English`, async () => {
      const page = await people.desk(who(), { language: 'en', at: pages()[0]! })
      assert.deepEqual(await flawsOn(page, pages()), [])
      assert.equal(await page.locator('html').getAttribute('lang'), 'en')
      await people.close(page)
    })
  }
}

/** The addresses at which a browser that goes there is not given the app: loading it anew in each is half a second. */
async function unserved(page: Page, paths: readonly string[]): Promise<string[]> {
  const app = await page.request.get(`${house.origin}/`)
  const whole = await app.text()
  assert.match(whole, /<div id="root">/)
  const found: string[] = []
  for (const path of paths) {
    const answer = await page.request.get(`${house.origin}${path}`, { headers: asksForPage })
    if (answer.status() !== 200 || (await answer.text()) !== whole) found.push(path)
  }
  return found
}
const asksForPage = { accept: 'text/html' }

/** As a link does it, inside the app that is there; the page before is gone when this ends. */
const turnTo = (page: Page, path: string) =>
  page.evaluate(`new Promise((done, fail) => {
    history.pushState(null, '', '${path}')
    let left = 750
    const look = () => {
      const { resolvedLocation, status } = __TSR_ROUTER__.state
      if (status === 'idle' && resolvedLocation?.pathname === '${path.split('?')[0]}') done()
      else if (left-- > 0) setTimeout(look, 20)
      else fail(new Error('${path} did not come, but ' + resolvedLocation?.pathname))
    }
    look()
  })`)

async function flawsOn(page: Page, paths: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const [nth, path] of paths.entries()) {
    // They came in by the first.
    if (nth > 0) await turnTo(page, path)
    await page.locator('h1').first().waitFor()
    await page.locator('.bone').first().waitFor({ state: 'detached' })
    found.push(...(await flawsOf(page)).map(flaw => `${path}: ${flaw}`))
  }
  return found
}
