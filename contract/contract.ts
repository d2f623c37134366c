/** What crosses the wire, said once. See README.md. */
export * from './route.ts'
export * from './words.ts'
