/**
 * `npm run database:prepare -- postgres://administrator:…@host:5432/postgres [name]`: makes the roles and
 * the database in another PostgreSQL, migrates it, and prints the two addresses with their passwords.
 */
import { checkSettings, Hindrance, migrate, newPasswords, prepare } from '@bursar/database'
import { rolesExist, urlOf } from '@bursar/database'

const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const anew = process.argv.includes('--new-passwords')
const [url, database = 'bursar'] = words

try {
  if (!url || !/^postgres(ql)?:\/\/[^/]/.test(url))
    throw new Hindrance(
      'Give the address of an administrator: npm run database:prepare -- postgres://…@host:5432/postgres',
    )
  if (!anew && (await rolesExist(url)))
    throw new Hindrance(
      'The roles are there already. With --new-passwords they get new ones, and whoever uses the old ones is locked out.',
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
