/**
 * Notices: everybody at the counter knows, once, and only what they may.
 *
 *   hear      evidence of any source             facts → decide → write: notices, prompts, places
 *   tell      a prompt to whom it is for         lines: open streams, devices at the broker
 *   read      the books, for merchants with a counter
 *   nights    what was announced beside the money
 *
 * README.md has the grades, the classes, the states and the tables.
 */
export * from './words.ts'
export type { Ended, Line, Shown, Texts } from './ports.ts'
