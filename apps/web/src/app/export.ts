/** Takes a list away as a file: the same filter as on the page, all of its rows. */
import type { Route } from '@bursar/contract'
import { Failure, urlOf, type Ask } from './call.ts'
import { languageNow } from './language.ts'

export const kinds = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const

export async function takeAway<R extends Route>(
  route: R,
  ask: Ask<R>,
  kind: keyof typeof kinds,
  name: string,
): Promise<void> {
  const { params, query } = ask as { params?: object; query?: Record<string, unknown> }
  const whole = { params, query: { ...query, cursor: undefined, limit: undefined } }
  const response = await fetch(urlOf(route, whole as unknown as Ask<R>), {
    headers: { accept: kinds[kind], 'accept-language': languageNow() },
  })
  if (!response.ok) throw new Failure('unknown', response.status)
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.${kind}`
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
