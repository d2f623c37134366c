/**
 * What became of a command whose answer was lost: read by the id that its key names. Not there yet may still
 * be under way, so `unknown_key` says to send it again with the same key, which then answers definitely.
 */
import { Refusal } from '@bursar/kernel'
import type { Refused } from './refusals.ts'

export async function outcome<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Refusal && error.code.startsWith('no_such_')) throw unknownKey()
    throw error
  }
}

export const unknownKey = () => new Refusal<Refused>('unknown_key', { pointer: '/query/key' })
