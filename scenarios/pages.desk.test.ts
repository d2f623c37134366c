/** What the operator and the supervisor see. */
import { readThrough } from './pages.testing.ts'

readThrough('reviewer', 'supervisor')
