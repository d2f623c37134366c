/** What a PostgreSQL must be before money is written into it. Each "no" is one sentence. */
import { connected, withoutPassword } from './connect.ts'
import { Hindrance } from './hindrance.ts'

export type Facts = Readonly<{
  version: number
  fsync: string
  synchronous_commit: string
  full_page_writes: string
  standby: boolean
  read_only: string
  superuser: boolean
  bypass: boolean
  owner: boolean
}>

/** The rules, in the order in which they are asked. */
const rules: readonly (readonly [broken: (facts: Facts) => boolean, sentence: string])[] = [
  [({ version }) => version < 160000, 'is older than PostgreSQL 16; Bursar needs 16 or newer'],
  [
    ({ standby }) => standby,
    'is a standby, which cannot be written to; give the address of the primary',
  ],
  [
    ({ read_only }) => read_only === 'on',
    'lets this user only read (default_transaction_read_only); set it to off',
  ],
  [
    ({ fsync }) => fsync !== 'on',
    'runs with fsync off and loses money in a power cut; set fsync = on',
  ],
  [
    facts => facts.full_page_writes !== 'on',
    'runs with full_page_writes off and can be torn by a power cut; set full_page_writes = on',
  ],
  [
    facts => !['on', 'remote_apply', 'remote_write'].includes(facts.synchronous_commit),
    'answers before a commit is on disk; set synchronous_commit = on',
  ],
  [
    ({ superuser }) => superuser,
    'is entered as a superuser; give the app role, which "npm run database:prepare" makes',
  ],
  [
    ({ owner, bypass }) => owner || bypass,
    'is entered as the owner of its tables; give the app role, which "npm run database:prepare" makes',
  ],
]

/** What is wrong with such a server, or undefined. */
export const complaint = (facts: Facts): string | undefined =>
  rules.find(([isBroken]) => isBroken(facts))?.[1]

export async function checkSettings(appUrl: string): Promise<void> {
  const facts = await connected(appUrl, async on => {
    const [row] = await on.sql<Facts>`
      select
        current_setting('server_version_num')::int as version,
        current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as synchronous_commit,
        current_setting('full_page_writes') as full_page_writes,
        current_setting('default_transaction_read_only') as read_only,
        pg_is_in_recovery() as standby,
        rolsuper as superuser,
        rolbypassrls as bypass,
        (select pg_has_role(datdba, 'member') from pg_database where datname = current_database())
          or exists (
            select from pg_namespace
            where nspname in ('database', 'ledger') and pg_has_role(nspowner, 'member')
          ) as owner
      from pg_roles where rolname = current_user`
    return row!
  })
  const wrong = complaint(facts)
  if (wrong) throw new Hindrance(`The database at ${withoutPassword(appUrl)} ${wrong}.`)
}
