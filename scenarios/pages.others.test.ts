/** What a member, the operator and the supervisor see. */
import { readThrough } from './pages.testing.ts'

readThrough('consumer', 'reviewer', 'supervisor')
