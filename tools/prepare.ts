/**
 * `npm run database:prepare -- postgres://administrator:…@host:5432/postgres [name]`: makes the roles and
 * the database in another PostgreSQL, migrates it, and prints the addresses. New passwords each time.
 */
import { checkSettings, Hindrance, migrate, newPasswords, prepare, urlOf } from '@bursar/database'

const [url, database = 'bursar'] = process.argv.slice(2)

try {
  if (!url || !/^postgres(ql)?:\/\/[^/]/.test(url))
    throw new Hindrance(
      'Give the address of an administrator: npm run database:prepare -- postgres://…@host:5432/postgres',
    )
  const passwords = newPasswords()
  await prepare(url, { database, passwords })
  const [app, owner] = [
    urlOf(url, database, 'bursar_app', passwords),
    urlOf(url, database, 'bursar_owner', passwords),
  ]
  await migrate(owner)
  await checkSettings(app)
  console.log(`DATABASE_URL=${app}\nDATABASE_OWNER_URL=${owner}`)
} catch (error) {
  console.error(error instanceof Hindrance ? error.message : error)
  process.exitCode = 1
}
