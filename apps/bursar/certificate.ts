/**
 * HTTPS on the local network. Browsers give the camera only to https pages, and no authority signs for
 * 192.168.…, so the certificate is our own: kept in the data folder, made anew when the address changed
 * or its year is over. The phone asks once whether to trust it.
 */
import { X509Certificate } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import tls from 'node:tls'
import { Hindrance } from '@bursar/database'

export type Certificate = Readonly<{ key: string; cert: string }>

/** The address that a phone on the same network reaches us at. */
export function lanAddress(): string {
  const all = Object.entries(os.networkInterfaces()).flatMap(([name, found]) =>
    (found ?? []).map(one => ({ ...one, name })),
  )
  const outside = all.filter(one => one.family === 'IPv4' && !one.internal)
  const best =
    outside.find(one => !/^(docker|br-|veth|virbr|tun|tap|zt)/.test(one.name)) ?? outside[0]
  if (!best)
    throw new Hindrance('This machine is on no local network, so --lan has nobody to serve.')
  return best.address
}

export async function certificateFor(address: string, folder: string): Promise<Certificate> {
  const [keyFile, certFile] = [path.join(folder, 'lan.key.pem'), path.join(folder, 'lan.cert.pem')]
  if (fs.existsSync(keyFile) && fs.existsSync(certFile)) {
    const kept = { key: fs.readFileSync(keyFile, 'utf8'), cert: fs.readFileSync(certFile, 'utf8') }
    if (fits(kept.cert, address)) return kept
  }
  const made = await make(address)
  fs.writeFileSync(keyFile, made.key, { mode: 0o600 })
  fs.writeFileSync(certFile, made.cert)
  return made
}

/** The played bank tells us its news over the same HTTPS, and must believe our certificate. */
export const trust = ({ cert }: Certificate) =>
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert])

const week = 7 * 24 * 3600 * 1000

function fits(cert: string, address: string): boolean {
  const known = new X509Certificate(cert)
  return known.checkIP(address) !== undefined && Date.parse(known.validTo) > Date.now() + week
}

async function make(address: string): Promise<Certificate> {
  // It brings a tenth of all that a start loads, and is wanted once a year.
  const { generate } = await import('selfsigned')
  const notAfterDate = new Date(Date.now() + 365 * 24 * 3600 * 1000)
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Bursar' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: address },
          { type: 7, ip: '127.0.0.1' },
          { type: 2, value: 'localhost' },
        ],
      },
    ],
  })
  return { key, cert }
}
