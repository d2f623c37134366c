/**
 * Every page, by its URL, whose words are the promises' own. Pages load when they are first visited,
 * so that a phone that only pays never loads the desk.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  ScrollRestoration,
} from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { listSearch } from './search.ts'
import { Shell, Waiting } from './shell.tsx'
import { Broken, Missing, More } from './states.tsx'

const root = createRootRoute({
  validateSearch: listSearch,
  component: () => (
    <>
      <ScrollRestoration />
      <Outlet />
    </>
  ),
  notFoundComponent: Missing,
  errorComponent: Broken,
})
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

type Load = () => Promise<{ default: ComponentType }>

/** A page inside the frame, for somebody who has signed in. */
const page = <const P extends string>(path: P, load: Load) =>
  createRoute({ getParentRoute: () => shell, path, component: lazyRouteComponent(load) })

/** A page outside the frame, for anybody. */
const bare = <const P extends string>(path: P, load: Load) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load) })

const anybody = [
  bare('/', () => import('../demo/town.tsx')),
  bare('/sign-in', () => import('../parties/sign-in.tsx')),
  bare('/register', () => import('../parties/register.tsx')),
  bare('/set-up', () => import('../parties/set-up.tsx')),
  bare('/notices/terminals/$terminal/counter', () => import('../notices/counter.tsx')),
]

const notices = [
  page('/notices/accept', () => import('../notices/accept.tsx')),
  page('/notices/terminals', () => import('../notices/mine.tsx')),
  page('/notices/terminals/$terminal', () => import('../notices/terminal.tsx')),
  page('/notices/share', () => import('../notices/share.tsx')),
  page('/notices/terminals/$terminal/paste', () => import('../notices/paste.tsx')),
  page('/notices/merchants/$merchant', () => import('../notices/list.tsx')),
  page('/notices/merchants/$merchant/notices/$notice', () => import('../notices/notice.tsx')),
  page('/notices/merchants/$merchant/evidence', () => import('../notices/evidence.tsx')),
  page('/notices/merchants/$merchant/terminals', () => import('../notices/terminals.tsx')),
  page('/notices/merchants/$merchant/health', () => import('../notices/health.tsx')),
  page('/notices/merchants/$merchant/nights', () => import('../notices/nights.tsx')),
  page('/notices/merchants/$merchant/refund-requests', () => import('../notices/requests.tsx')),
  page('/notices/merchants/$merchant/counters', () => import('../notices/counters.tsx')),
]

const consumer = [
  page('/custody/purses', () => import('../custody/purses.tsx')),
  page('/custody/purses/$purse', () => import('../custody/purse.tsx')),
  page('/custody/purses/$purse/top-up', () => import('../custody/top-up.tsx')),
  page('/custody/purses/$purse/top-ups', () => import('../custody/top-ups.tsx')),
  page('/custody/purses/$purse/code', () => import('../custody/code.tsx')),
  page('/custody/purses/$purse/withdraw', () => import('../custody/withdraw.tsx')),
  page('/custody/top-ups/$topUp', () => import('../custody/top-up-result.tsx')),
  page('/custody/scan', () => import('../custody/scan.tsx')),
  page('/custody/spends/$spend', () => import('../custody/receipt.tsx')),
  page('/integrators/orders/$order', () => import('../integrators/order.tsx')),
]

const merchant = [
  page('/custody/merchants/$merchant', () => import('../custody/today.tsx')),
  page('/custody/merchants/$merchant/charge', () => import('../custody/charge.tsx')),
  page('/custody/merchants/$merchant/spends', () => import('../custody/spends.tsx')),
  page('/custody/merchants/$merchant/members', () => import('../custody/members.tsx')),
  page('/custody/merchants/$merchant/parts', () => import('../custody/merchant-parts.tsx')),
  page('/custody/merchants/$merchant/codes', () => import('../custody/codes.tsx')),
  page('/settlement/merchants/$merchant', () => import('../settlement/position.tsx')),
  page('/integrators/merchants/$merchant', () => import('../integrators/page.tsx')),
  page('/integrators/merchants/$merchant/events', () => import('../integrators/log.tsx')),
  page('/integrators/merchants/$merchant/events/$event', () => import('../integrators/event.tsx')),
]

const guest = [
  page('/cashier/places/$token', () => import('../cashier/menu.tsx')),
  page('/cashier/tabs/$tab', () => import('../cashier/tab.tsx')),
  page('/cashier/tabs/$tab/checkout', () => import('../cashier/checkout.tsx')),
  page('/cashier/dockets/$docket', () => import('../cashier/docket.tsx')),
  page('/cashier/purses/$purse/orders', () => import('../cashier/dockets.tsx')),
  page('/cashier/purses/$purse/bindings', () => import('../cashier/bindings.tsx')),
  page('/cashier/purses/$purse/bindings/$gateway', () => import('../cashier/bound.tsx')),
]

const bar = [
  page('/cashier/merchants/$merchant', () => import('../cashier/board.tsx')),
  page('/cashier/merchants/$merchant/tabs', () => import('../cashier/tabs.tsx')),
  page('/cashier/merchants/$merchant/tabs/$tab', () => import('../cashier/desk-tab.tsx')),
  page('/cashier/merchants/$merchant/catalogue', () => import('../cashier/catalogue.tsx')),
  page('/cashier/merchants/$merchant/seats', () => import('../cashier/seats.tsx')),
  page('/cashier/merchants/$merchant/seats/signs', () => import('../cashier/signs.tsx')),
  page('/cashier/merchants/$merchant/shifts', () => import('../cashier/shifts.tsx')),
  page('/cashier/merchants/$merchant/shifts/x-report', () => import('../cashier/x-report.tsx')),
  page(
    '/cashier/merchants/$merchant/shifts/z-reports/$outlet/$number',
    () => import('../cashier/z-report.tsx'),
  ),
  page('/cashier/merchants/$merchant/outlets', () => import('../cashier/outlets.tsx')),
  page('/cashier/merchants/$merchant/dockets', () => import('../cashier/desk-dockets.tsx')),
  page('/cashier/merchants/$merchant/dockets/$docket', () => import('../cashier/docket.tsx')),
]

const parties = [
  page('/parties/me', () => import('../parties/me.tsx')),
  page('/parties/merchants', () => import('../parties/directory.tsx')),
  page('/parties/merchants/$merchant', () => import('../parties/merchant.tsx')),
  page('/parties/merchants/$merchant/settings', () => import('../parties/settings.tsx')),
  page('/parties/apply', () => import('../parties/apply.tsx')),
  page('/parties/institutions', () => import('../parties/institutions.tsx')),
  page('/parties/institutions/$institution', () => import('../parties/institution.tsx')),
  page('/parties/admission', () => import('../parties/admission.tsx')),
  page('/parties/admission/$merchant', () => import('../parties/admit.tsx')),
]

const desk = [
  page('/settlement/requests', () => import('../settlement/requests.tsx')),
  page('/settlement/requests/$request', () => import('../settlement/request.tsx')),
  page('/settlement/residues', () => import('../settlement/residues.tsx')),
  page('/settlement/residues/$residue', () => import('../settlement/residue.tsx')),
  page('/settlement/breaks', () => import('../settlement/breaks.tsx')),
  page('/reconciliation', () => import('../reconciliation/days.tsx')),
  page('/reconciliation/breaks', () => import('../reconciliation/breaks.tsx')),
  page('/reconciliation/breaks/$break', () => import('../reconciliation/break.tsx')),
  page('/custody/suspense', () => import('../custody/suspense.tsx')),
  page('/custody/suspense/$suspense', () => import('../custody/suspended.tsx')),
  page('/custody/parts', () => import('../custody/parts.tsx')),
  page('/custody/pools', () => import('../custody/pools.tsx')),
  page('/custody/pools/$pool', () => import('../custody/equation.tsx')),
  page('/custody/pools/$pool/proof', () => import('../custody/proof.tsx')),
  page('/custody/pools/$pool/terms/$term', () => import('../custody/term.tsx')),
  page('/custody/pools/$pool/entries', () => import('../custody/entries.tsx')),
]

const more = createRoute({ getParentRoute: () => shell, path: '/more', component: More })

export const router = createRouter({
  routeTree: root.addChildren([
    ...anybody,
    shell.addChildren([
      ...consumer,
      ...merchant,
      ...guest,
      ...bar,
      ...notices,
      ...parties,
      ...desk,
      more,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Broken,
  defaultNotFoundComponent: Missing,
  scrollRestoration: true,
})
