/**
 * A broker of one's own, by its address: MQTT 5. Its access list must let us read `bursar/+/…` of devices and write to
 * them, and each device only its own; contract/devices.md has the lines for Mosquitto.
 */
import { connectAsync } from 'mqtt'
import type { Carrier, Log } from './carrier.ts'
import { partsOf, topicOf, up, type Up } from './topics.ts'

export async function joinBroker(url: string, log: Log): Promise<Carrier> {
  const { username, password, host } = new URL(url)
  const client = await connectAsync(withoutUser(url), {
    protocolVersion: 5,
    connectTimeout: 5_000,
    ...(username
      ? { username: decodeURIComponent(username), password: decodeURIComponent(password) }
      : {}),
  })
  client.on('error', error => log('mqtt_broken', { host, why: error.message }))
  client.on('offline', () => log('mqtt_away', { host }))
  await client.subscribeAsync(
    up.map(what => `bursar/+/${what}`),
    { qos: 1 },
  )
  return {
    send: async (device, what, payload, isKept) =>
      void (await client.publishAsync(topicOf(device, what), payload, { qos: 1, retain: isKept })),
    listen(heard) {
      client.on('message', (topic, payload) => {
        const parts = partsOf(topic)
        if (parts) heard(parts.device, parts.what as Up, payload.toString())
      })
    },
    // The broker is another's: its own list must forget the device. Nothing is sent to it any more.
    drop: () => undefined,
    close: () => client.endAsync(),
  }
}

const withoutUser = (url: string) => {
  const bare = new URL(url)
  bare.username = bare.password = ''
  return bare.toString()
}
