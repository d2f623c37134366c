/** The database: our own PostgreSQL or another, its roles, its migrations. See README.md. */
export { dataFolder } from './account.ts'
export { connected, type Connection } from './connect.ts'
export { Hindrance, hindranceOf } from './hindrance.ts'
export { lockFolder } from './lock.ts'
export { migrate, pendingMigrations } from './migrate.ts'
export { startPostgres, type Postgres } from './postgres.ts'
export { newPasswords, prepare, rolesExist, urlOf, type Passwords } from './roles.ts'
export { checkSettings } from './settings.ts'
