/** What a merchant sees. */
import { readThrough } from './pages.testing.ts'

readThrough('owner')
