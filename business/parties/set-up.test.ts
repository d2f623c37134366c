import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { newId } from '@bursar/kernel'
import { seatsOf, setUp, setUpNeeded } from './parties.ts'
import { password, useParties } from './testing.ts'

const town = useParties()
const token = 'shown once on the console'
const tokenHash = createHash('sha256').update(token).digest('hex')
const ask = (said: string, hash: string | undefined = tokenHash) =>
  setUp(town.books, {
    token: said,
    tokenHash: hash,
    institution: { id: newId('ins'), name: '运营公司' },
    person: { id: newId('per'), name: '首位', phone: town.phone(), password, locale: 'zh-CN' },
  })

test('a new installation lets in whoever brings the token, once, and nobody else', async () => {
  assert.equal(await setUpNeeded(town.books), true)
  await assert.rejects(ask('a guess'), { code: 'wrong_set_up_token' })
  await assert.rejects(ask('', ''), { code: 'wrong_set_up_token' })
  const tries = await Promise.allSettled([ask(token), ask(token), ask(token)])
  const first = tries.find(one => one.status === 'fulfilled')!.value
  assert.equal(tries.filter(one => one.status === 'fulfilled').length, 1)
  assert.equal((await seatsOf(town.books, first.id))[0]?.role, 'admin')
  assert.equal(await setUpNeeded(town.books), false)
  await assert.rejects(ask(token), { code: 'already_set_up' })
})
