import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import fc from 'fast-check'
import type { Asked } from './overlay.ts'
import { openBooks, type Account, type Books, type Draft } from './ledger.ts'
import { Model } from './model.testing.ts'
import { accounts, beginning, sequences } from './sequences.testing.ts'

const db = useDatabase()
let servers: Books[]
let latest = 0

before(async () => {
  await db.ready
  // The model's pends expire at the beginning of time, so in the real books they never may.
  servers = [openBooks({ url: db.url }), openBooks({ url: db.url })]
})
after(() => Promise.all(servers.map(server => server.close())))

/** A few, and a crowd whose commands meet in one batch. */
const crowds = [
  { callers: 8, length: 120, numRuns: 40 },
  { callers: 160, length: 400, numRuns: 4 },
]

for (const { callers, length, numRuns } of crowds)
  test(`${callers} callers at two servers: some order of one naive ledger gives every answer`, async () => {
    await fc.assert(
      fc.asyncProperty(sequences(length, length / 2), async asked => {
        const book = ++latest
        await servers[0]!.openBook(book, 'CNY')
        for (const draft of beginning) await submit(servers[0]!, book, draft as Draft)
        const real = asked.filter(({ kind }) => kind !== 'expire' && kind !== 'lapse').map(forEver)
        const answers = await atOnce(book, real, callers)
        await explain(book, real, answers)
      }),
      { numRuns, timeout: 60_000 },
    )
  })

type Answer = { from: bigint; to: bigint; code: string | undefined }

/** The callers share the commands out, half of them at the other server. */
async function atOnce(book: number, drafts: readonly Draft[], callers: number): Promise<Answer[]> {
  const answers: Answer[] = []
  let acknowledged = BigInt(beginning.length)
  const caller = async (mine: number) => {
    for (let place = mine; place < drafts.length; place += callers) {
      const from = acknowledged
      const server = servers[mine % 2]!
      const code = await codeOf(submit(server, book, drafts[place]!))
      const [end] = await server.sql<{
        seq: bigint
      }>`select seq from ledger.book where book = ${book}`
      answers[place] = { from, to: end!.seq, code }
      if (end!.seq > acknowledged) acknowledged = end!.seq
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, mine) => caller(mine)))
  return answers
}

/** The log in its order must be a run of the model; each refusal must be right at some point of its wait. */
async function explain(book: number, drafts: readonly Draft[], answers: readonly Answer[]) {
  const log = await servers[0]!.entries(book, 0n)
  const byId = new Map([...beginning, ...drafts].map(draft => [draft.id, draft]))
  const model = new Model()
  const unexplained = new Set(answers.flatMap((answer, place) => (answer.code ? [place] : [])))
  for (const entry of [undefined, ...log]) {
    if (entry)
      assert.equal(model.say(byId.get(entry.id)!, 0), undefined, `${entry.kind} at ${entry.seq}`)
    const seq = entry?.seq ?? 0n
    for (const place of unexplained) {
      const { from, to, code } = answers[place]!
      if (from <= seq && seq <= to && model.refuses(drafts[place]!, 0) === code)
        unexplained.delete(place)
    }
  }
  assert.deepEqual(
    [...unexplained].map(place => [drafts[place]!.kind, answers[place]]),
    [],
  )
  assert.equal(log.length, beginning.length + answers.filter(({ code }) => !code).length)
  for (const account of accounts) {
    const side = await servers[1]!.balance(book, account as Account)
    if (side)
      assert.deepEqual({ posted: side.posted, out: side.out, in: side.in }, model.sums(account))
  }
}

const forEver = (draft: Asked): Draft => {
  if (draft.kind !== 'pend' && draft.kind !== 'bar') return draft as Draft
  const { expiresAt: _, ...rest } = draft
  return rest
}

const submit = (server: Books, book: number, draft: Draft) =>
  server.submit({ book, plan: () => ({ entries: [draft] }) })

const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? String(error),
  )
