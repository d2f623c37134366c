/**
 * Who tells merchants' endpoints here, and the key that their secrets follow from.
 *
 *   BURSAR_WEBHOOK_KEY   32 bytes or more in base64, or the file that they are in; else webhook.key in the data folder, which is
 *                        made at the first start
 *
 * It is in no database. Processes over one database must have the same; one with another sends nothing.
 */
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Hindrance } from '@bursar/database'
import { openCourier } from '@bursar/gateway-webhooks'
import { openVault } from '@bursar/integrators'

type Options = Readonly<{ folder: string; environment: NodeJS.ProcessEnv; open: boolean }>

/** `open`: of a demo, whose merchants' servers may stand anywhere. */
export function openWebhooks({ folder, environment, open }: Options) {
  const vault = openVault(keyFrom(environment['BURSAR_WEBHOOK_KEY'], folder))
  return { courier: openCourier({ open }), vault }
}

function keyFrom(given: string | undefined, folder: string): Buffer {
  const text = given === undefined ? kept(path.join(folder, 'webhook.key')) : textOf(given)
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length < 32)
    throw new Hindrance('BURSAR_WEBHOOK_KEY is no 32 bytes in base64, and no file with them.')
  return key
}

const textOf = (given: string): string =>
  fs.existsSync(given) ? fs.readFileSync(given, 'utf8') : given

function kept(file: string): string {
  if (!fs.existsSync(file)) {
    const made = `${randomBytes(32).toString('base64')}\n`
    fs.writeFileSync(`${file}.half`, made, { mode: 0o600, flush: true })
    fs.renameSync(`${file}.half`, file)
  }
  return fs.readFileSync(file, 'utf8')
}
