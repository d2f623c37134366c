/** `npm run reset`: throws this checkout's data away, after saying what and asking; `--yes` does not ask. */
import fs from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { Hindrance, lockFolder } from '@bursar/database'
import { folderOf } from './ground.ts'

/** Everything that a start makes. Nothing else in the folder is touched. */
const ours = [
  'postgres',
  'postgres.half',
  'postgres.password',
  'administrator.password',
  'passwords.json',
  'kind',
  'town-stands',
  'demo-password',
  'gateway-keys.json',
  'seal.key.pem',
  'webhook.key',
  'witness.jsonl',
  'sandbox',
  'log',
  'lan.key.pem',
  'lan.cert.pem',
]

export async function reset(
  args: string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<void> {
  const at = args.indexOf('--data')
  const folder = folderOf({ data: at < 0 ? environment['BURSAR_DATA'] : args[at + 1] })
  if (!fs.existsSync(folder)) return say(`There is nothing in ${folder}.`)
  const unlock = await lockFolder(folder)
  try {
    if (isBare(folder) && !args.includes('--yes')) await ask(folder)
    for (const name of ours) fs.rmSync(path.join(folder, name), { recursive: true, force: true })
    say(`${folder} is empty. "npm start" begins anew.`)
  } finally {
    unlock()
  }
}

/** A demo is for throwing away; what may be real money is not. */
const isBare = (folder: string) => {
  const file = path.join(folder, 'kind')
  return fs.existsSync(file) && fs.readFileSync(file, 'utf8').trim() === 'bare'
}

async function ask(folder: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new Hindrance(
      `${folder} is not a demo. "npm run reset -- --yes" throws it away for good.`,
    )
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await reader.question(`${folder} is not a demo. Throw it away for good? (yes/no) `)
  reader.close()
  if (answer.trim() !== 'yes') throw new Hindrance('Nothing was thrown away.')
}
