/** Whose platform account a purse is bound to: there by the platform's own page, and back with its code. */
import * as cashier from '@bursar/cashier'
import { bindPurse, listBindings, startBinding, unbindPurse } from '@bursar/contract'
import { Refusal } from '@bursar/kernel'
import { platformScopeIsLawful } from '@bursar/parties'
import type { FastifyInstance } from 'fastify'
import { bind } from '../bind.ts'
import { ours } from '../custody/purses.ts'
import { ownPurse } from '../custody/sees.ts'
import type { ApiOptions } from '../options.ts'
import { bindingView } from './views.ts'

export function bindingRoutes(app: FastifyInstance, { books, wallets }: ApiOptions): void {
  const mine = ownPurse(books)
  const platforms: readonly cashier.Authorisation[] = wallets
  const platformOf = (gateway: string): cashier.Authorisation => {
    const found = platforms.find(one => one.gateway === gateway)
    if (!found) throw new Refusal<cashier.Refused>('binding_not_offered', { gateway })
    return found
  }

  bind(
    app,
    listBindings,
    async ({ params, actor }) => {
      const bindings = await cashier.bindingsOf(books, { ...params, by: actor.person })
      const gateways = platforms.filter(one => one.binding).map(one => one.gateway)
      const platformScope = await platformScopeIsLawful(books)
      return { rows: bindings.map(bindingView), gateways, platformScope }
    },
    mine,
  )
  bind(
    app,
    startBinding,
    async ({ params, body, actor }) => {
      const platform = platformOf(body.gateway)
      const returnUrl = ours(app, body.returnUrl)
      const { scope = 'merchant' } = body
      const ask = { ...params, by: actor.person, returnUrl, scope }
      return await cashier.startVisit(books, platform, ask)
    },
    mine,
  )
  bind(
    app,
    bindPurse,
    async ({ params, body, actor, id }) => {
      const { gateway, ...back } = body
      const ask = { id: id('bnd'), ...params, ...back, by: actor.person }
      return bindingView(await cashier.bind(books, platformOf(gateway), ask))
    },
    mine,
  )
  bind(
    app,
    unbindPurse,
    async ({ params: { purse, gateway }, actor, id }) => {
      platformOf(gateway)
      const ask = { purse, gateway, by: actor.person, refund: id('wdr') }
      const { ended, refund } = await cashier.unbind(books, wallets, ask)
      return { ended: bindingView(ended), ...(refund && { refund }) }
    },
    mine,
  )
}
