/** Which addresses are the public's. What a merchant writes down must not make us call our own machines. */
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** By IANA's registries of special-purpose addresses. */
const closed4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]
/** Of IPv6 only what is given to the public (2000::/3), and of that not what stands for something else. */
const closed6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']
const open6 = ['2000::/3']

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), family)
  }
  return list
}
const [private4, private6, public6] = [
  listOf(closed4, 'ipv4'),
  listOf(closed6, 'ipv6'),
  listOf(open6, 'ipv6'),
]

export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !private4.check(address, 'ipv4')
  if (!isIPv6(address)) return false
  return public6.check(address, 'ipv6') && !private6.check(address, 'ipv6')
}
