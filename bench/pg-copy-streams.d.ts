/** The package brings no types; this is what of it is used here. */
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  export function to(text: string): Readable & Submittable
  export function from(text: string): Writable & Submittable
  const both: { to: typeof to; from: typeof from }
  export default both
}
