import { Button } from 'antd'
import { useWords } from '../app/words.ts'

export function Cancel({ close }: { close(): void }) {
  const app = useWords()
  return <Button onClick={close}>{app('cancel')}</Button>
}
