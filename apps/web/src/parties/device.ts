/** `Chrome · Android`, from what a browser says of itself. Good enough to know one's own phone by. */
const browsers = [
  'MicroMessenger',
  'AlipayClient',
  'Edg',
  'OPR',
  'Firefox',
  'Chrome',
  'Safari',
] as const
const names: Partial<Record<string, string>> = {
  MicroMessenger: 'WeChat',
  AlipayClient: 'Alipay',
  Edg: 'Edge',
  OPR: 'Opera',
}
const systems = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'HarmonyOS', 'Linux'] as const

export function deviceOf(agent: string): string {
  const browser = browsers.find(name => agent.includes(name))
  const system = systems.find(name => agent.includes(name))
  const parts = [browser ? (names[browser] ?? browser) : undefined, system].filter(Boolean)
  return parts.join(' · ') || agent.slice(0, 40) || '—'
}
