/** Where devices are, as it is said on the command line: a port for our own broker, or another's address. */

export type Mqtt = Readonly<{ port: number } | { url: string }>

/** Answers a sentence where it cannot be what was meant; undefined where nothing was said: no broker runs. */
export function mqttOf(
  port: string | undefined,
  url: string | undefined,
): Mqtt | string | undefined {
  if (port !== undefined && url !== undefined)
    return 'Either --mqtt, for a broker of our own, or MQTT_URL, for another one: not both.'
  if (port !== undefined) {
    const number = /^\d{1,5}$/.test(port) ? Number(port) : 0
    return number >= 1 && number <= 65_535
      ? { port: number }
      : `"${port}" is not a port for --mqtt (1 to 65535; 1883 is usual).`
  }
  if (url === undefined) return undefined
  const known =
    URL.canParse(url) && /^(mqtts?|wss?):$/.test(new URL(url).protocol) && new URL(url).hostname
  return known
    ? { url }
    : 'MQTT_URL is not the address of a broker: mqtt://broker.example:1883 or mqtts://broker.example:8883.'
}
