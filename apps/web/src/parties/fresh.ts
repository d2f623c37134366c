import { forgetAll } from '../app/call.ts'
import { takeOff } from '../app/faces.ts'
import { memory } from '../app/read.ts'

/** Another person begins: nothing that the last one saw or half did may remain. */
export function freshStart(): void {
  takeOff()
  localStorage.removeItem('bursar.demo')
  forgetAll()
  memory.clear()
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith('bursar.')) sessionStorage.removeItem(name)
}
