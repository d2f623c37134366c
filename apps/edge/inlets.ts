/** How prompts come to a box: over MQTT, or as server-sent events. Either goes on from where the box was. */
import { connect } from 'mqtt'
import { topicOf } from '@bursar/gateway-mqtt'
import type { Facts } from './heart.ts'
import type { Prompt } from './speaker.ts'

export type Inlet = Readonly<{ acked(place: string): void; stop(): Promise<void> }>
type Hears = Readonly<{
  prompt(prompt: Prompt): void
  ended(why: string): void
  failed(error: unknown): void
}>
type Who = Readonly<{
  terminal: string
  secret: string
  after: string
  /** What is said of the box with each heartbeat. */
  facts?: () => Promise<Facts>
}>

export function overMqtt(
  url: string,
  { terminal, secret, after, facts }: Who,
  hears: Hears,
): Inlet {
  let place = after
  const client = connect(url, {
    clientId: terminal,
    username: terminal,
    password: secret,
    protocolVersion: 4,
    clean: false,
    reconnectPeriod: 2_000,
    will: {
      topic: topicOf(terminal, 'offline'),
      payload: Buffer.from('{}'),
      qos: 1,
      retain: false,
    },
  })
  const say = (what: 'hello' | 'heartbeat', word: object) =>
    void client
      .publishAsync(topicOf(terminal, what), JSON.stringify(word), { qos: 1 })
      .catch(hears.failed)
  const beat = async () => {
    const said = { ...(await facts?.()), acked: place }
    if (client.connected) say('heartbeat', said)
  }
  client.on('connect', () => {
    client
      .subscribeAsync([topicOf(terminal, 'prompt'), topicOf(terminal, 'ended')], { qos: 1 })
      .then(() => say('hello', { after: place }))
      .then(beat)
      .catch(hears.failed)
  })
  client.on('error', hears.failed)
  client.on('message', (topic, payload) => {
    if (payload.length === 0) return
    try {
      const word = JSON.parse(payload.toString()) as Prompt & { why?: string }
      if (topic.endsWith('/ended')) hears.ended(word.why ?? '')
      else hears.prompt(word)
    } catch (error) {
      hears.failed(error)
    }
  })
  const beats = setInterval(() => void beat(), 30_000)
  return {
    acked(at) {
      if (BigInt(at) > BigInt(place)) place = at
      void beat()
    },
    async stop() {
      clearInterval(beats)
      await client.endAsync()
    },
  }
}

const [shortest, longest] = [1_000, 60_000]

/** A house that is away is asked again every second; one that refuses the box (it was revoked) ever less, up to once a minute. */
export const waitAfter = (refused: boolean, before: number): number =>
  refused ? Math.min(before * 2, longest) : shortest

export function overEvents(
  house: string,
  { terminal, secret, after, facts }: Who,
  hears: Hears,
): Inlet {
  let place = after
  const stopping = new AbortController()
  const headers = { 'terminal-secret': secret }
  const at = `${house}/v1/notices/terminals/${terminal}`
  const beat = async () => {
    const response = await fetch(`${at}/heartbeat`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ ...(await facts?.()), acked: place }),
      signal: AbortSignal.timeout(10_000),
    })
    await response.arrayBuffer()
  }
  const beatQuietly = () => void beat().catch(hears.failed)
  const follow = async () => {
    let [wait, refused] = [shortest, false]
    while (!stopping.signal.aborted) {
      try {
        const response = await fetch(`${at}/stream`, {
          headers: { ...headers, accept: 'text/event-stream', 'last-event-id': place },
          signal: stopping.signal,
        })
        refused = response.status >= 400 && response.status < 500
        if (!response.ok || !response.body) throw new Error(`stream: ${response.status}`)
        for await (const event of eventsOf(response.body)) {
          if (event.type === 'prompt') hears.prompt(JSON.parse(event.data) as Prompt)
          if (event.type === 'ended') hears.ended((JSON.parse(event.data) as { why: string }).why)
        }
      } catch (error) {
        if (!stopping.signal.aborted) hears.failed(error)
      }
      wait = waitAfter(refused, wait)
      refused = false
      await new Promise(again => setTimeout(again, wait).unref())
    }
  }
  void follow()
  beatQuietly()
  const beats = setInterval(beatQuietly, 30_000)
  return {
    acked(now) {
      if (BigInt(now) > BigInt(place)) place = now
      beatQuietly()
    },
    async stop() {
      clearInterval(beats)
      stopping.abort()
    },
  }
}

/** Server-sent events, however the network has cut them. */
export async function* eventsOf(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ type: string; data: string; id: string }> {
  const reader = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    rest += reader.decode(bytes, { stream: true })
    const events = rest.split(/\r?\n\r?\n/)
    rest = events.pop()!
    for (const event of events) {
      const lines = event.split(/\r?\n/).map(line => /^(\w+): ?(.*)$/.exec(line))
      const all = (name: string) => lines.filter(line => line?.[1] === name).map(line => line![2]!)
      const data = all('data').join('\n')
      if (data) yield { type: all('event').at(-1) ?? 'message', data, id: all('id').at(-1) ?? '' }
    }
  }
}
