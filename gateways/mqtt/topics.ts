/** The topics of a device: its own, below its terminal's id. contract/devices.md has what they say. */

/** Server to device: `prompt`, `ended`. Device to server: the rest. */
export const down = ['prompt', 'ended'] as const
export const up = ['hello', 'heartbeat', 'offline'] as const
export type Down = (typeof down)[number]
export type Up = (typeof up)[number]

const terminal = /^trm_[A-Za-z0-9_-]{1,60}$/

export const isTerminal = (name: string): boolean => terminal.test(name)
export const topicOf = (device: string, what: Down | Up): string => `bursar/${device}/${what}`

/** Whose topic it is, and what for; undefined for any other. */
export function partsOf(topic: string): { device: string; what: string } | undefined {
  const [root, device, what, ...more] = topic.split('/')
  if (root !== 'bursar' || !device || !what || more.length > 0 || !isTerminal(device))
    return undefined
  return { device, what }
}
