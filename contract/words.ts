/** The words that every message on the wire is made of. */
import { Type, type Static, type TProperties, type TSchema } from 'typebox'

/** An object that says all it means: an unknown field is refused, never dropped. */
export const Closed = <P extends TProperties>(fields: P) =>
  Type.Object(fields, { additionalProperties: false })

/** An id carries its kind: `pur_` and 26 characters of Crockford base32. */
export const IdOf = <P extends string>(prefix: P) =>
  Type.Unsafe<`${P}_${string}`>(
    Type.String({
      pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`,
      description: `an id, ${prefix}_…`,
    }),
  )

/** A sum on the wire: a string with exactly the currency's decimals, never a number. */
export const Money = Closed({
  amount: Type.String({ pattern: '^-?(0|[1-9]\\d{0,15})(\\.\\d{1,3})?$', examples: ['12.30'] }),
  currency: Type.String({ pattern: '^[A-Z]{3}$', examples: ['CNY'] }),
})
export type Money = Static<typeof Money>

/** An instant in UTC, RFC 3339. */
export const Instant = Type.String({ format: 'date-time' })

/** A business date in the outlet's zone. */
export const Day = Type.String({ format: 'date' })

export const Text = (max: number, min = 1) => Type.String({ minLength: min, maxLength: max })

/** Any letter that is seen; the tables know the same ones (business/parties/migrations/0011_named.sql). */
export const seen =
  '[^\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufeff]'
/** What something or somebody is called: not of spaces alone. */
export const Name = (max: number) => Type.String({ pattern: seen, maxLength: max })

/** What every list takes: how many rows, from where, and words to search for. */
export const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  q: Type.Optional(Type.String({ maxLength: 100 })),
}

/** What a money command was sent with: visible letters, so that it fits a header. */
export const Key = Type.String({ pattern: '^[\\x21-\\x7e]{1,255}$' })

/** A page of a list. `next` is an opaque cursor, absent on the last page. */
export const PageOf = <T extends TSchema>(row: T) =>
  Closed({ rows: Type.Array(row), next: Type.Optional(Type.String()) })

/** RFC 9457. `code` is stable; `title` and `detail` are in the caller's language. */
export const Problem = Closed({
  type: Type.String(),
  title: Type.String(),
  detail: Type.Optional(Type.String()),
  status: Type.Integer(),
  code: Type.String(),
  errors: Type.Optional(
    Type.Array(Closed({ pointer: Type.String(), rule: Type.String(), detail: Type.String() })),
  ),
  requestId: Type.String(),
})
export type Problem = Static<typeof Problem>
