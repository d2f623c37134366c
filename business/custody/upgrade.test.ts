/** An installation that lived before platforms, and before proposals, is brought up to date with its money and its rows. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { connected, migrate } from '@bursar/database'
import { dropDatabase, useDatabase } from '@bursar/database/testing'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-upgrade-'))
const name = `bursar_test_${path.basename(folder).slice(-6).toLowerCase()}`
// Before the server goes: hooks run in this order.
after(async () => {
  fs.rmSync(folder, { recursive: true })
  await dropDatabase(db.adminUrl, name)
})
const db = useDatabase()
const ownerUrl = () => Object.assign(new URL(db.ownerUrl), { pathname: `/${name}` }).href

before(async () => {
  await db.ready
  await connected(db.adminUrl, on => on.script(`create database ${name} owner bursar_owner`))
})

/** Everything that custody stands on, and custody as it was. */
function before0007() {
  const old = path.join(folder, 'custody')
  fs.cpSync(`${root}business/custody/migrations`, old, {
    recursive: true,
    filter: file => !(path.basename(file) >= '0007' && file.endsWith('.sql')),
  })
  fs.writeFileSync(path.join(folder, 'grants.sql'), '')
  const folders = [
    { name: 'ledger', path: `${root}ledger/migrations` },
    { name: 'kernel', path: `${root}kernel/migrations` },
    { name: 'parties', path: `${root}business/parties/migrations` },
    { name: 'custody', path: old },
  ]
  return { folders, grants: path.join(folder, 'grants.sql') }
}
const suspended = (id: string, gateway: string, about: string, tradeNo: string, reason: string) =>
  `insert into custody.suspense (id, book, gateway, about, trade_no, minor, currency, reason)
   values ('sus_${id}', 1, '${gateway}', '${about}', '${tradeNo}', 100, 'CNY', '${reason}');`

test('P1-08 P1-09 an older installation keeps its pools, knows its platform, and can send back what it had in suspense', async () => {
  await migrate(ownerUrl(), before0007())
  await connected(ownerUrl(), on =>
    on.script(`
      insert into custody.pool (id, book, name, currency, bank, supervisor, account) values
        ('pol_1', 1, '一', 'CNY', 'ins_1', 'ins_9', '6228'), ('pol_2', 2, '二', 'CNY', 'ins_1', 'ins_9', '6228'),
        ('pol_3', 3, '三', 'CNY', 'ins_2', 'ins_9', '6228'), ('pol_4', 4, '四', 'CNY', 'ins_1', 'ins_9', null);
      ${suspended('1', 'wallet', 'top_1', 'trade-1', 'unknown_order')}
      ${suspended('2', 'bank', 'wallet: 货款', 'ntc_2', 'unexpected_credit')}
      insert into custody.withdrawal (id, book, suspense, minor, currency, gateway)
        values ('wdr_1', 1, 'sus_1', 100, 'CNY', 'wallet');
      insert into custody.part (id, withdrawal, book, order_no, minor)
        values ('wdp_1', 'wdr_1', 1, 'top_1', 100);
      ${suspended('3', 'withdrawal', 'wdp_1', 'wdp_1', 'could_not_return')}`),
  )
  await migrate(ownerUrl())
  const [pools, platforms, rows] = await connected(ownerUrl(), async on => [
    await on.sql`select id, account from custody.pool order by book`,
    await on.sql`select pool, name, account from custody.platform order by pool`,
    await on.sql`select id, gateway, source from custody.suspense order by id`,
  ])
  assert.deepEqual(
    pools!.map(({ id, account }) => [id, account]),
    [
      ['pol_1', '6228'],
      ['pol_2', null],
      ['pol_3', '6228'],
      ['pol_4', null],
    ],
  )
  assert.deepEqual(platforms![0], { pool: 'pol_1', name: 'wallet', account: null })
  assert.equal(platforms!.length, 4)
  assert.deepEqual(rows, [
    { id: 'sus_1', gateway: 'wallet', source: 'top_1' },
    { id: 'sus_2', gateway: 'bank', source: 'ntc_2' },
    { id: 'sus_3', gateway: 'wallet', source: 'top_1' },
  ])
})
