/** What the merchant sells and where its guests sit: each is put whole, under an id that the caller makes. */
import * as cashier from '@bursar/cashier'
import {
  listOutletSettings,
  listPlaces,
  putCategory,
  putItem,
  putPicture,
  putPlace,
  putPlan,
  readCatalogue,
  readPicture,
  removePicture,
  setOutlet,
  setStock,
} from '@bursar/contract'
import type { FastifyInstance } from 'fastify'
import { bind, bindOpen } from '../bind.ts'
import type { ApiOptions } from '../options.ts'
import { sumOf } from '../sums.ts'
import { catalogueView, itemView, planView } from './views.ts'

export function catalogueRoutes(app: FastifyInstance, { books }: ApiOptions): void {
  bind(app, listOutletSettings, async ({ params }) => ({
    rows: await cashier.outletsOf(books, params.merchant),
  }))
  bind(app, setOutlet, ({ params, body }) => cashier.setOutlet(books, { ...params, ...body }))
  bind(app, readCatalogue, async ({ params }) =>
    catalogueView(await cashier.catalogueOf(books, params.merchant)),
  )
  bind(app, putCategory, ({ params: { merchant, category: id }, body }) =>
    cashier.putCategory(books, { id, merchant, ...body }),
  )
  bind(app, putItem, async ({ params: { merchant, item: id }, body }) => {
    const { price, happyHour, modifiers, ...rest } = body
    const item = {
      ...{ id, merchant, ...rest, price: sumOf(price, '/price') },
      happyHour:
        happyHour && 'price' in happyHour
          ? { ...happyHour, price: sumOf(happyHour.price, '/happyHour/price') }
          : (happyHour ?? null),
      modifiers: modifiers.map((one, place) => ({
        name: one.name,
        price: sumOf(one.price, `/modifiers/${place}/price`),
      })),
    }
    return itemView(await cashier.putItem(books, item))
  })
  bind(app, setStock, async ({ params, body }) =>
    itemView(await cashier.setStock(books, { ...params, ...body })),
  )
  bind(app, putPlan, async ({ params: { merchant, plan: id }, body }) => {
    const { base, step, night = null, ...rest } = body
    const sums = { base: sumOf(base, '/base'), step: sumOf(step, '/step') }
    return planView(await cashier.putPlan(books, { id, merchant, ...rest, ...sums, night }))
  })
  bind(app, listPlaces, async ({ params, query }) => ({
    rows: await cashier.placesOf(books, { ...params, ...query }),
  }))
  bind(app, putPlace, ({ params: { merchant, place: id }, body }) =>
    cashier.putPlace(books, { id, merchant, ...body }),
  )
  pictureRoutes(app, books)
}

function pictureRoutes(app: FastifyInstance, books: ApiOptions['books']): void {
  bind(app, putPicture, ({ params, body, actor }) => {
    const bytes = Buffer.from(body.data, 'base64')
    return cashier.putPicture(books, { ...params, bytes, by: actor.person })
  })
  bind(app, removePicture, async ({ params }) => {
    await cashier.removePicture(books, params)
    return {}
  })
  bindOpen(app, readPicture, async ({ params, reply }) => {
    const { type, bytes } = await cashier.readPicture(books, params.picture)
    reply.header('cache-control', 'public, max-age=31536000, immutable').type(type)
    return bytes as Buffer & string
  })
}
