/**
 * The cashier: a guest tops up once, orders for hours, checks out with one tap, takes back what is left.
 *
 *   bind      the purse is its owner's at a platform         nothing moves
 *   order     what is ordered is held                        purse → earned, pended
 *   time      grows by steps, held ahead                     purse → earned, pended
 *   refuse    or cancelled: it is free again                 voided
 *   check out the guest, the merchant, or the day's end      settled, as one spend of custody's
 *
 * Top-ups and refunds are custody's; the tables give each of the four orders its number. README.md tells the rest.
 */
export {
  catalogueOf,
  menuOf,
  putCategory,
  putItem,
  putPlan,
  setStock,
  type Catalogue,
  type HappyHour,
  type Item,
  type ItemId,
  type Plan,
} from './catalogue.ts'
export { putPicture, readPicture, removePicture, type PictureId } from './pictures.ts'
export {
  outletsOf,
  placeBy,
  placesOf,
  putPlace,
  setOutlet,
  type Place,
  type Sign,
} from './places.ts'
export { findTab, openTab, tabOf, type TabId } from './tabs.ts'
export { takeStep } from './orders.ts'
export { placeOrder } from './placing.ts'
export type { OrderId } from './holds.ts'
export { startTimer, stepTimer, tickTimers, type TimeStep } from './timers.ts'
export { checkOut, closeForgotten } from './checkout.ts'
export { discountTab, handOver, mergeTab, moveTab, splitTab } from './moving.ts'
export { listOrders, ordersOf, readOrder, readOrders, type Order } from './shownOrders.ts'
export { listOwnTabs, listTabs, readTab, type Tab, type TabRow } from './shownTabs.ts'
export { listDockets, listOwnDockets, readDocket, type Docket, type Link } from './dockets.ts'
export { dayReport, type DayReport } from './day.ts'
export {
  acceptShift,
  closeShift,
  offerShift,
  openShift,
  takeShiftBack,
  type ShiftId,
} from './shifts.ts'
export { checkoutsSince, countsFrom, mustHaveCounted } from './blind.ts'
export { listShifts, readShift, type Shift } from './shownShifts.ts'
export { listZReports, makeZReport, readZReport, type ZReport } from './zReports.ts'
export { previewRefund, type Preview } from './refunds.ts'
export { bind, bindingsOf, forgetVisits, startVisit, unbind, type Binding } from './bindings.ts'
export type { Authorisation } from './authorisation.ts'
export type { Refused } from './refused.ts'
