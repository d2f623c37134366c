import pg from 'pg'
import { openBooks } from '@bursar/ledger'
import { startThrowaway, makeTemplate, cloneTemplate, testPasswords } from '@bursar/database/testing'
import { urlOf } from '@bursar/database'
import { append } from '../ledger/append.ts'
import { decide, Overlay } from '../ledger/decide.ts'
import { chain } from '../ledger/hash.ts'
import { readBook, readStates } from '../ledger/read.ts'
import { connect, sqlOver } from '../ledger/connect.ts'
import { randomUUID } from 'node:crypto'
const s = await startThrowaway()
await cloneTemplate(s.url, await makeTemplate(s.url), 'x')
const url = urlOf(s.url, 'x', 'bursar_app', testPasswords(s.url))
const b = openBooks({ url })
await b.openBook(1, 'CNY')
const N = 50000
const u7 = () => { const h = Date.now().toString(16).padStart(12, '0'); const r = randomUUID(); return h.slice(0, 8) + '-' + h.slice(8) + '-7' + r.slice(15) }
await b.submit({ book: 1, plan: () => ({ entries: [{ kind: 'open', id: u7(), event: 'o', account: 'pool/c', floor: null }] }) })
for (let i = 0; i < N; i += 500) await b.submit({ book: 1, plan: () => ({ entries: Array.from({ length: 500 }, (_, k) => [{ kind: 'open', id: u7(), event: 'o', account: `p/${i + k}` }, { kind: 'post', id: u7(), event: 't', debit: 'pool/c', credit: `p/${i + k}`, amount: { minor: 1000000n, currency: 'CNY' } }]).flat() as any }) })
const su = new URL(s.url); su.pathname = '/x'
const pool = connect({ url: su.href, max: 1 }); const c = await pool.connect()
const sql = sqlOver(c)
await c.query('vacuum analyze')
const rnd = () => Math.min(N - 1, Math.floor(Math.exp(Math.random() * Math.log(N))) - 1)
async function batch() {
  const t0 = performance.now()
  const drafts = Array.from({ length: 384 }, () => { const a = rnd(); let d = rnd(); while (d === a) d = rnd(); return { kind: 'post', id: u7(), event: 'spend', subject: 'spd_' + u7(), debit: `p/${a}`, credit: `p/${d}`, amount: { minor: 5n, currency: 'CNY' } } as any })
  const row = (await readBook(sql, 1))!
  const held = new Map((await readStates(sql, 1, [...new Set(drafts.flatMap(d => [d.debit, d.credit]))])).map(h => [h.ref, h]))
  const at = new Date(Math.max(Date.now(), row.at.getTime()))
  const t1 = performance.now()
  const rows = decide(new Overlay({ currency: 'CNY', held: r => held.get(r), pending: () => undefined }), at, row.seq + 1n, drafts)
  const t2 = performance.now()
  const hashes = chain(1, at, row.head, rows)
  const t3 = performance.now()
  const r = await append(c, { book: 1, seq: row.seq, at, rows, hashes, head: hashes.at(-1)!, rides: new Map() })
  const t4 = performance.now()
  return `${r.answer} load ${(t1 - t0).toFixed(1)} decide ${(t2 - t1).toFixed(1)} hash ${(t3 - t2).toFixed(1)} append ${(t4 - t3).toFixed(1)}`
}
for (let i = 0; i < 30; i++) { const x = await batch(); if (i > 24) console.log(x) }
c.on('notice', n => console.log(n.message))
await c.query(`load 'auto_explain'; set auto_explain.log_min_duration=0; set auto_explain.log_nested_statements=on; set auto_explain.log_analyze=on; set auto_explain.log_timing=${process.argv[2] ?? 'on'}; set client_min_messages=log`)
await batch()
c.release(); await pool.end(); await b.close(); await s.stop()
