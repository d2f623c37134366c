/** What PostgreSQL notifies a channel of, over one connection that is made again when it breaks. */
import pg from 'pg'

type Ear = Readonly<{
  heard(payload: string): void
  /** The connection is there again: what was said in between was said to nobody. */
  missed(): void
}>

const pause = 1_000

/** Ends with what it answers. `channel` is a name of ours. */
export function listenTo(url: string, channel: string, ear: Ear): () => Promise<void> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let over = false

  async function open(): Promise<void> {
    const made = new pg.Client({ connectionString: url, keepAlive: true })
    client = made
    let broken = false
    const again = () => {
      if (broken || over) return
      broken = true
      void made.end().catch(() => undefined)
      timer = setTimeout(() => void open(), pause)
    }
    made.on('error', again)
    made.on('end', again)
    made.on('notification', ({ payload = '' }) => ear.heard(payload))
    try {
      await made.connect()
      await made.query(`listen ${channel}`)
      ear.missed()
    } catch {
      again()
    }
  }
  void open()
  return async () => {
    over = true
    clearTimeout(timer)
    await client?.end().catch(() => undefined)
  }
}
