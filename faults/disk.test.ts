/** What needs a disk of its own; skipped, with the reason, where there can be none. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSeed } from './dice.ts'
import { Disk, diskHindrance } from './disk.ts'
import { diskFull, powercut } from './faults.ts'
import { controlled, rounds } from './rounds.ts'
import { World } from './world.ts'

const seed = newSeed()
const plan = { seed, callers: 384, lasts: 200, rounds: 1 }
const skip = (await diskHindrance()) ?? false

test(
  `F03 F05 F06 neither a full disk nor a power cut loses what was acknowledged (seed ${seed})`,
  { skip },
  async () => {
    const world = await World.open({ disk: Disk.make(512) })
    try {
      for (const fault of [diskFull, powercut]) {
        const { wrong, acknowledged, strikes } = await rounds(world, fault, plan)
        assert.deepEqual(wrong.slice(0, 10), [])
        assert.equal(strikes, 1)
        assert.ok(acknowledged > 0)
      }
    } finally {
      await world.close()
    }
  },
)

test(
  `F03 a PostgreSQL that does not sync loses by the same cut, and the verdict says so (seed ${seed})`,
  { skip },
  async () => {
    const { lost, said } = await controlled(seed, plan)
    assert.ok(lost, said)
  },
)
