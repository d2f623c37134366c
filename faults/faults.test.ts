/** A round or two of each fault; the commands of README.md do hundreds. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newSeed } from './dice.ts'
import { ackLost, clock, killPostgres, killServer, type Fault } from './faults.ts'
import { rounds } from './rounds.ts'
import { World } from './world.ts'

let world: World
before(async () => {
  world = await World.open()
})
after(() => world.close())

const seed = newSeed()
const plan = { seed, callers: 384, lasts: 200 }

/** So many rounds under 2 × 384 callers: what was promised holds, and the fault did strike. */
async function holds(fault: Fault, change: Partial<typeof plan> & { rounds: number }) {
  const { wrong, lost, acknowledged, unknown, strikes } = await rounds(world, fault, {
    ...plan,
    ...change,
  })
  assert.deepEqual(wrong.slice(0, 10), [])
  assert.equal(lost, 0)
  assert.ok(strikes > 0, 'it struck')
  assert.ok(acknowledged > unknown, `${acknowledged} acknowledged, ${unknown} without an answer`)
  return { unknown, acknowledged }
}

test(`F01 servers that are killed under load lose nothing that they acknowledged, and double nothing (seed ${seed})`, async () => {
  const { unknown } = await holds(killServer, { rounds: 1 })
  assert.ok(unknown > 0, 'they were killed with wishes under way')
})

test(`F02 PostgreSQL that is killed under load loses nothing acknowledged; both servers find it again (seed ${seed})`, async () => {
  await holds(killPostgres, { rounds: 1 })
})

test(`F11 a commit whose answer is lost is neither lost nor done twice (seed ${seed})`, async () => {
  await holds(ackLost, { rounds: 1, lasts: 600 })
})

test(`F13 servers whose clocks jump by days give no entry another time and end no pend before its own (seed ${seed})`, async () => {
  await holds(clock, { rounds: 1 })
  await holds(clock, { rounds: 1, callers: 2 })
})
