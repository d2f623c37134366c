/**
 * npm run fault:kill-server [-- --rounds 10 --seed N --callers 400 --lasts 300]
 * and fault:kill-postgres, fault:ack-lost, fault:clock: see README.md.
 */
import { parseArgs } from 'node:util'
import { newSeed } from './dice.ts'
import { ackLost, clock, killPostgres, killServer, type Fault } from './faults.ts'
import { rounds, type Count } from './rounds.ts'
import { World } from './world.ts'

const faults: Readonly<Record<string, Fault>> = {
  'kill-server': killServer,
  'kill-postgres': killPostgres,
  'ack-lost': ackLost,
  clock,
}
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

const world = await World.open()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void world.close().then(() => process.exit(130)))
try {
  const count = await rounds(world, fault, plan, so => console.log(line(so)))
  for (const sentence of count.wrong.slice(0, 20)) console.log(`  wrong: ${sentence}`)
  process.exitCode = count.wrong.length > 0 || count.acknowledged === 0 ? 1 : 0
} finally {
  await world.close()
}
