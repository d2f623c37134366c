/** Shifts and final days: counted blind, handed over, numbered. */
import * as cashier from '@bursar/cashier'
import * as wire from '@bursar/contract'
import type { Actor, MerchantId } from '@bursar/kernel'
import { toWire, type WireMoney } from '@bursar/money'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { countsFrom, mustHaveCounted } from '../blind.ts'
import { pageOf } from '../custody/pages.ts'
import type { ApiOptions } from '../options.ts'
import { sumOf } from '../sums.ts'
import { dayView } from './views.ts'

export function shiftRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  const { clock } = app.house
  const told = async (
    actor: Actor,
    merchant: MerchantId,
    done: Promise<cashier.ShiftId> | cashier.ShiftId,
  ) => {
    const id = await done
    const hidden = { countsFrom: await countsFrom(books, actor, merchant) }
    return shiftView(await cashier.readShift(books, { merchant, id, ...hidden }))
  }

  bind(app, wire.listShifts, async ({ params, query, actor }) => {
    const hidden = { countsFrom: await countsFrom(books, actor, params.merchant) }
    return pageOf(
      query,
      ask => cashier.listShifts(books, { ...params, ...hidden, ...ask }),
      shiftView,
      ({ id }) => id,
    )
  })
  bind(app, wire.openShift, ({ params, body, actor, id }) => {
    const ask = { id: id('shf'), ...params, ...body, by: actor.person, at: clock() }
    return told(actor, params.merchant, cashier.openShift(books, ask))
  })
  bind(app, wire.readShift, ({ params, actor }) => told(actor, params.merchant, params.shift))
  bind(app, wire.closeShift, ({ params: { merchant, shift }, body, actor }) => {
    const ask = { id: shift, merchant, ...countedIn(body), by: actor.person, at: clock() }
    return told(actor, merchant, cashier.closeShift(books, ask))
  })
  bind(app, wire.handOverShift, ({ params: { merchant, shift }, body, actor }) => {
    const by = { by: actor.person, to: body.to, at: clock() }
    return told(
      actor,
      merchant,
      cashier.offerShift(books, { id: shift, merchant, ...countedIn(body), ...by }),
    )
  })
  bind(app, wire.acceptShift, ({ params: { merchant, shift }, actor, id }) => {
    const ask = { id: shift, merchant, next: id('shf'), by: actor.person, at: clock() }
    return told(actor, merchant, cashier.acceptShift(books, ask))
  })
  bind(app, wire.takeShiftBack, ({ params: { merchant, shift }, actor }) => {
    const ask = { id: shift, merchant, by: actor.person, at: clock() }
    return told(actor, merchant, cashier.takeShiftBack(books, ask))
  })
  days(app, books)
}

function days(app: FastifyInstance, books: ApiOptions['books']): void {
  const { clock } = app.house
  bind(app, wire.readDay, async ({ params, query, actor }) => {
    await mustHaveCounted(books, actor, params.merchant)
    return dayView(await cashier.dayReport(books, { ...params, ...query, at: clock() }))
  })
  bind(app, wire.listZReports, async ({ params, query, actor }) => {
    const hidden = { countsFrom: await countsFrom(books, actor, params.merchant) }
    return pageOf(
      query,
      ({ limit, cursor }) => {
        const before = cursor === undefined ? {} : { before: Number(cursor) }
        return cashier.listZReports(books, { ...params, limit, ...before, ...hidden })
      },
      zView,
      ({ number }) => String(number),
    )
  })
  bind(app, wire.readZReport, async ({ params, actor }) => {
    const z = await cashier.readZReport(books, { ...params, number: Number(params.number) })
    await mustHaveCounted(books, actor, params.merchant, z.report.endsAt)
    return zView(z)
  })
  bind(app, wire.makeZReport, async ({ params, body, actor }) => {
    const ask = { ...params, ...body, by: actor.person, at: clock() }
    // It is answered with the day's sums.
    const { endsAt } = await cashier.dayReport(books, ask)
    await mustHaveCounted(books, actor, params.merchant, endsAt)
    return zView(await cashier.makeZReport(books, ask))
  })
}

type Counted = Readonly<{
  counts: readonly Readonly<{ means: string; amount: WireMoney }>[]
  note?: string
}>
const countedIn = ({ counts, note }: Counted) => ({
  counts: counts.map(({ means, amount }, place) => ({
    means,
    amount: sumOf(amount, `/counts/${place}/amount`),
  })),
  ...(note !== undefined && { note }),
})

function shiftView(shift: cashier.Shift): wire.ShiftView {
  const { id, number, outlet, outletName, person, personName, state, openedAt, note } = shift
  const { offeredTo, offeredToName, countedAt, endedAt, counts, tabs } = shift
  return {
    ...{ id, number, outlet, outletName, person, personName, state },
    openedAt: openedAt.toISOString(),
    ...(shift.till && { till: shift.till }),
    ...(shift.tillName && { tillName: shift.tillName }),
    ...(offeredTo && { offeredTo }),
    ...(offeredToName && { offeredToName }),
    ...(countedAt && { countedAt: countedAt.toISOString() }),
    ...(endedAt && { endedAt: endedAt.toISOString() }),
    ...(note && { note }),
    counts: counts.map(({ means, declared, found }) => ({
      ...{ means, declared: toWire(declared), found: toWire(found) },
    })),
    ...(tabs && { tabs: { count: tabs.count, held: toWire(tabs.held) } }),
  }
}

const zView = ({ madeAt, report, shifts, ...z }: cashier.ZReport): wire.ZReportView => ({
  ...{ ...z, madeAt: madeAt.toISOString() },
  report: dayView(report),
  shifts: shifts.map(shiftView),
})
