/** The few words that all of the business uses. */
export * from './access.ts'
export * from './calendar.ts'
export * from './clock.ts'
export * from './ids.ts'
export { Refusal, type Books, type Sql, type Transaction } from '@bursar/ledger'
