/** Floors and ceilings, frozen and closed accounts; and how a "no" reads. */
import { randomUUID } from 'node:crypto'
import { openBooks, type Account, type Draft, type Refusal } from '@bursar/ledger'
import { migrate } from '@bursar/ledger/migrate'
import { parse } from '@bursar/money'

const url = process.env['DATABASE_URL']!
await migrate(url)
const books = openBooks({ url })
await books.openBook(1, 'EUR')
const named = () => ({ id: randomUUID(), event: 'example' })
const say = async (what: string, ...entries: Draft[]) => {
  const answer = await books
    .submit({ book: 1, plan: () => ({ entries }) })
    .then(() => 'done')
    .catch(({ code }: Refusal) => `no: ${code}`)
  console.log(`${what}: ${answer}`)
}
const post = (debit: Account, credit: Account, sum: string): Draft => ({
  ...named(),
  kind: 'post',
  debit,
  credit,
  amount: parse(sum, 'EUR'),
})

await say(
  'bank without a floor, Ann with 20.00 overdraft, a jar for 50.00 at most',
  { ...named(), kind: 'open', account: 'bank/giro', floor: null },
  { ...named(), kind: 'open', account: 'member/ann', floor: -2000n },
  { ...named(), kind: 'open', account: 'member/jar', ceiling: 5000n },
)
await say('Ann puts 20.00 in the jar', post('member/ann', 'member/jar', '20.00'))
await say('and one cent more', post('member/ann', 'member/jar', '0.01'))
await say('the bank adds 30.01', post('bank/giro', 'member/jar', '30.01'))
await say('the bank adds 30.00', post('bank/giro', 'member/jar', '30.00'))

const jar = { account: 'member/jar' } as const
await say('nothing leaves the jar', { ...named(), ...jar, kind: 'freeze', state: 'no_debits' })
await say('50.00 back to Ann', post('member/jar', 'member/ann', '50.00'))
await say('it is open again', { ...named(), ...jar, kind: 'freeze', state: 'open' })
await say('the jar is closed', { ...named(), ...jar, kind: 'close' })
await say('50.00 back to Ann', post('member/jar', 'member/ann', '50.00'))
await say('the jar is closed', { ...named(), ...jar, kind: 'close' })
await say('one cent into it', post('bank/giro', 'member/jar', '0.01'))

// Linked entries stand or fall together.
await say(
  'first a cent to Ann, then a thousand from her',
  post('bank/giro', 'member/ann', '0.01'),
  post('member/ann', 'bank/giro', '1000.00'),
)
console.log('Ann has', (await books.balance(1, 'member/ann'))!.posted, 'cents')
await books.close()
