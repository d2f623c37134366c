/**
 * npm run fault:kill-server [-- --rounds 10 --seed N --callers 400 --lasts 300]
 * and fault:kill-postgres, fault:ack-lost, fault:clock, fault:disk-full, fault:powercut: see README.md.
 */
import { parseArgs } from 'node:util'
import { newSeed } from './dice.ts'
import { Disk, diskHindrance } from './disk.ts'
import {
  ackLost,
  clock,
  diskFull,
  killPostgres,
  killServer,
  powercut,
  type Fault,
} from './faults.ts'
import { controlled, rounds, type Count } from './rounds.ts'
import { World } from './world.ts'

const faults: Readonly<Record<string, Fault>> = {
  'kill-server': killServer,
  'kill-postgres': killPostgres,
  'ack-lost': ackLost,
  clock,
  'disk-full': diskFull,
  powercut,
}
const controls = 3
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(newSeed()) },
    callers: { type: 'string', default: '400' },
    lasts: { type: 'string', default: '300' },
  },
})
const name = positionals[0] ?? ''
const needsDisk = ['disk-full', 'powercut'].includes(name)
/** With 512 there was no place left after 37 rounds to add the books of all of them up. */
const megabytes = 2048
const fault = faults[name]
if (!fault)
  throw new Error(`There is no fault ${name}; there are ${Object.keys(faults).join(', ')}`)
const plan = {
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  callers: Number(values.callers),
  lasts: Number(values.lasts),
}

const line = ({
  rounds: done,
  strikes,
  acknowledged,
  refused,
  unknown,
  done: late,
  lost,
  wrong,
}: Count) =>
  `${name}, seed ${plan.seed}: ${done} rounds, ${strikes} strikes; ${acknowledged} acknowledged, ` +
  `${lost} lost; ${refused} refused; ${unknown} without an answer, ${late} of them done, all definite ` +
  `when sent again; ${wrong.length} wrong`

/** Without fsync the same cut must be seen to lose: else what sees nothing lost proves nothing. */
async function control(): Promise<boolean> {
  let seen = 0
  for (let i = 0; i < controls; i++) {
    const { lost, said } = await controlled(plan.seed + i, plan)
    console.log(`${name}, control with fsync off: ${said}`)
    if (lost) seen++
  }
  console.log(`${name}, control: loss was reported in ${seen} of ${controls}`)
  return seen === controls
}

async function strike(): Promise<boolean> {
  const disk = needsDisk ? { disk: Disk.make(megabytes) } : {}
  const world = await World.open(disk)
  // The server is stopped under its tellers then: what they see is not what the fault did.
  let ended = false
  const end = () => {
    ended = true
    console.log(`${name}: ended from outside; the round under way counts for nothing`)
    void world.close().then(() => process.exit(130))
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)
  try {
    const count = await rounds(world, fault!, plan, so => {
      if (!ended) console.log(line(so))
    })
    if (ended) return false
    for (const sentence of count.wrong.slice(0, 20)) console.log(`  wrong: ${sentence}`)
    return count.wrong.length === 0 && count.acknowledged > 0 && count.strikes > 0
  } finally {
    await world.close()
  }
}

const hindrance = needsDisk ? await diskHindrance() : undefined
if (hindrance) console.log(`${name} is skipped: ${hindrance}.`)
else if (!(await strike()) || (name === 'powercut' && !(await control()))) process.exitCode = 1
