#!/usr/bin/env node
/**
 * The main terminal's program: hears what the phone shows, keeps every receipt on the phone, sends it to the house, and,
 * if wanted, tells the devices on the local network by itself.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { openDoor } from './capture.ts'
import { beatOn, factsOf } from './heart.ts'
import { serveLocally, type Device, type Local, type Threshold } from './local.ts'
import { postTo, sendAll, type Post } from './sender.ts'
import { itemOf, type Shown } from './shown.ts'
import { fromFile, fromInput, fromTermux, type Source } from './sources.ts'
import { openStore, type Item } from './store.ts'

const usage = `node agent.ts --store FILE [--termux | --file FILE | --input] [--house URL --terminal trm_…] [--local FILE] [--capture PORT]

  --store FILE     what is kept on this phone
  --termux         hear Android's notifications, by termux-notification-list
  --file FILE      hear the lines that are appended to a file
  --input          hear the lines of standard input
  --house URL      send to the house, as --terminal, with TERMINAL_SECRET from the environment
  --local FILE     tell devices on the local network (P4-22): {"port":1883,"threshold":"A","devices":[{"terminal","secret","language","ways"}]}
  --capture PORT   a door for capture apps (appHeart, appPush), with CAPTURE_KEY from the environment`

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    termux: { type: 'boolean' },
    file: { type: 'string' },
    input: { type: 'boolean' },
    house: { type: 'string' },
    terminal: { type: 'string', default: 'trm_main' },
    local: { type: 'string' },
    capture: { type: 'string' },
  },
})
const say = (event: string, facts: object = {}) =>
  void process.stderr.write(
    `${JSON.stringify({ at: new Date().toISOString(), event, ...facts })}\n`,
  )
const why = (error: unknown) => ({ why: error instanceof Error ? error.message : String(error) })

async function run(): Promise<void> {
  const sources: Source[] = [
    ...(values.termux ? [fromTermux()] : []),
    ...(values.file ? [fromFile(values.file)] : []),
    ...(values.input ? [fromInput(process.stdin)] : []),
  ]
  const secret = process.env['TERMINAL_SECRET']
  if (!values.store || (sources.length === 0 && !values.capture))
    return void process.stderr.write(`${usage}\n`)
  if (values.house && !secret) return say('no_secret', { why: 'TERMINAL_SECRET is not set' })
  const store = openStore(values.store)
  const local = values.local ? await localOf(values.local, store.all()) : undefined
  const house = values.house?.replace(/\/$/, '')
  const post = house ? postTo(house, values.terminal, secret!) : undefined
  const send = post ? sending(store, post) : () => undefined
  const keep = (item: Item) => {
    if (!store.keep(item)) return
    local?.tell(item)
    send()
  }
  let last: Date | undefined
  const heard = (shown: Shown) => {
    if (!last || shown.at > last) last = shown.at
    const item = itemOf(shown)
    if (item) keep(item)
  }
  const stops = sources.map(source => source(heard, error => say('source_failed', why(error))))
  const door = values.capture ? doorAt(Number(values.capture), keep) : undefined
  send()
  const stopBeating = house ? beating(house, secret!, () => last) : undefined
  const leave = () => {
    for (const stop of stops) stop()
    door?.close()
    stopBeating?.()
    void (local?.stop() ?? Promise.resolve()).finally(() => process.exit(0))
  }
  process.once('SIGTERM', leave).once('SIGINT', leave)
}

/** What it is told, it takes: so a rehearsal comes back from the phone as well, and who reads the log sees it. */
const beating = (house: string, secret: string, shown: () => Date | undefined) =>
  beatOn({
    ...{ house, secret, shown, terminal: values.terminal, facts: factsOf('agent') },
    told: ({ seq, class: told, rehearsal }) => say('told', { seq, class: told, rehearsal }),
    failed: error => say('beat_failed', why(error)),
  })

function doorAt(port: number, keep: (item: Item) => void) {
  const keys = { [values.terminal]: process.env['CAPTURE_KEY'] ?? '' }
  const now = () => new Date()
  const door = openDoor({
    keys,
    now,
    keep: (_, item) => keep(item),
    alive: () => say('capture_alive'),
  })
  return door.on('error', error => say('capture_failed', why(error))).listen(port)
}

async function localOf(file: string, stored: readonly Item[]): Promise<Local> {
  const {
    port,
    devices,
    threshold = 'A',
  } = JSON.parse(readFileSync(file, 'utf8')) as {
    port: number
    devices: Device[]
    threshold?: Threshold
  }
  return serveLocally(devices, stored, { port, threshold, log: say, now: () => new Date() })
}

/** One sending at a time; after a failure again in a while, up to a minute. */
function sending(store: ReturnType<typeof openStore>, post: Post): () => void {
  let busy = false
  let again = false
  let pause = 1_000
  let timer: NodeJS.Timeout | undefined
  const send = async (): Promise<void> => {
    clearTimeout(timer)
    if (busy) return void (again = true)
    busy = true
    const isAll = await sendAll(store, post, ({ id }) => say('refused', { id })).catch(() => false)
    busy = false
    if (isAll) {
      pause = 1_000
      if (again) {
        again = false
        return send()
      }
    } else {
      say('waiting', { pause })
      timer = setTimeout(() => void send(), pause)
      pause = Math.min(pause * 2, 60_000)
    }
  }
  return () => void send()
}

await run()
