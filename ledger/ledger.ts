/** Double entry on PostgreSQL: a book is a log, and a balance is a fold of it. See README.md. */
export { openBooks, type Options } from './books.ts'
export { Refusal, type Refused } from './refusal.ts'
export type * from './types.ts'
