/** What a member sees. */
import { readThrough } from './pages.testing.ts'

readThrough('consumer')
