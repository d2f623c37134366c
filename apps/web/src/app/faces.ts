/**
 * A face is one way a person uses the product: as a consumer, or from a seat at a merchant or an
 * institution. It decides which places the shell shows; what may be done is decided by the API alone.
 */
import { me as meRoute, type ReplyOf } from '@bursar/contract'
import { useRouterState } from '@tanstack/react-router'
import { Failure } from './call.ts'
import type { GlyphName } from './look/glyph.tsx'
import { useRead } from './read.ts'
import type zh from './words.zh.ts'

export type Me = ReplyOf<typeof meRoute>
type MySeat = Me['seats'][number]
export type FaceRole = MySeat['role'] | 'consumer'
export type Face = Readonly<{ id: string; role: FaceRole; organisation?: string; name?: string }>
export type Place = Readonly<{
  to: string
  word: Extract<keyof typeof zh, `place.${string}` | 'more'>
  glyph: GlyphName
  /** Only on a desk; on a phone it is reached through `more`. */
  deskOnly?: true
  /** Where pages stand that are reached from this place, but not under its URL. */
  holds?: string
}>

const stored = 'bursar.face'

export function useMe() {
  const read = useRead(meRoute, {})
  const guest = read.error instanceof Failure && read.error.status === 401
  return { me: read.data, guest, error: guest ? undefined : read.error, again: read.refetch }
}

/** Somebody has a seat at this merchant and does not own it. */
export function useIsOnlyStaff(merchant: string): boolean {
  const roles = useMe()
    .me?.seats.filter(one => one.organisation === merchant)
    .map(one => one.role)
  return roles?.includes('staff') === true && !roles.includes('owner')
}

export const facesOf = (me: Me): readonly Face[] => [
  ...me.seats.map(seat => ({
    id: `${seat.role}/${seat.organisation}`,
    role: seat.role,
    organisation: seat.organisation,
    name: seat.name,
  })),
  { id: 'consumer', role: 'consumer' as const },
]

export const wear = (face: Face): void => localStorage.setItem(stored, face.id)
export const takeOff = (): void => localStorage.removeItem(stored)

/** The face for where we are: a merchant in the URL decides, else the one last worn, else the first. */
export function useFace(me: Me | undefined): Face | undefined {
  const path = useRouterState({ select: state => state.location.pathname })
  if (!me) return undefined
  const faces = facesOf(me)
  const shop = /\/merchants\/(mer_[0-9a-z]+)/.exec(path)?.[1]
  const here = faces.find(face => face.organisation !== undefined && face.organisation === shop)
  return here ?? faces.find(face => face.id === localStorage.getItem(stored)) ?? faces[0]
}

const consumer: readonly Place[] = [
  { to: '/custody/purses', word: 'place.purses', glyph: 'purse', holds: '/cashier' },
  { to: '/custody/scan', word: 'place.scan', glyph: 'scan' },
  { to: '/parties/merchants', word: 'place.merchants', glyph: 'shop' },
  { to: '/parties/me', word: 'place.me', glyph: 'person' },
]

const given = (is: boolean, place: Place): readonly Place[] => (is ? [place] : [])

const merchant = (id: string, owner: boolean): readonly Place[] => [
  { to: `/custody/merchants/${id}`, word: 'place.today', glyph: 'today' },
  { to: `/custody/merchants/${id}/charge`, word: 'place.charge', glyph: 'charge' },
  { to: `/cashier/merchants/${id}`, word: 'place.board', glyph: 'bell' },
  {
    to: owner ? `/notices/merchants/${id}` : `/notices/merchants/${id}/health`,
    word: 'place.notices',
    glyph: 'speaker',
    deskOnly: true,
    holds: `/notices/merchants/${id}`,
  },
  { to: `/cashier/merchants/${id}/tabs`, word: 'place.tabs', glyph: 'tab', deskOnly: true },
  {
    to: `/custody/merchants/${id}/spends`,
    word: 'place.spends',
    glyph: 'list',
    deskOnly: true,
  },
  ...given(owner, { to: `/settlement/merchants/${id}`, word: 'place.settlement', glyph: 'settle' }),
  ...given(owner, {
    to: `/custody/merchants/${id}/members`,
    word: 'place.members',
    glyph: 'people',
    deskOnly: true,
  }),
  { to: `/custody/merchants/${id}/codes`, word: 'place.codes', glyph: 'code', deskOnly: true },
  { to: `/cashier/merchants/${id}/catalogue`, word: 'place.menu', glyph: 'shop', deskOnly: true },
  {
    to: `/cashier/merchants/${id}/seats`,
    word: 'place.seats',
    glyph: 'seat',
    deskOnly: true,
    holds: `/cashier/merchants/${id}/outlets`,
  },
  { to: `/cashier/merchants/${id}/shifts`, word: 'place.shifts', glyph: 'person', deskOnly: true },
  { to: `/cashier/merchants/${id}/dockets`, word: 'place.dockets', glyph: 'list', deskOnly: true },
  ...given(owner, {
    to: `/custody/merchants/${id}/parts`,
    word: 'place.parts',
    glyph: 'list',
    deskOnly: true,
  }),
  { to: `/parties/merchants/${id}/settings`, word: 'place.shop', glyph: 'gear', deskOnly: true },
  ...given(owner, {
    to: `/integrators/merchants/${id}`,
    word: 'place.integrations',
    glyph: 'pool',
    deskOnly: true,
  }),
  { to: '/parties/me', word: 'place.me', glyph: 'person', deskOnly: true },
]

const suspense: Place = { to: '/custody/suspense', word: 'place.suspense', glyph: 'search' }
const parts: Place = { to: '/custody/parts', word: 'place.parts', glyph: 'list', deskOnly: true }
const residues: Place = {
  to: '/settlement/residues',
  word: 'place.residues',
  glyph: 'settle',
  deskOnly: true,
}
const bills: Place = { to: '/reconciliation', word: 'place.bills', glyph: 'list' }
const pools: Place = { to: '/custody/pools', word: 'place.pools', glyph: 'pool' }
const desk: readonly Place[] = [
  { to: '/settlement/requests', word: 'place.review', glyph: 'review' },
  { to: '/parties/admission', word: 'place.admission', glyph: 'shop' },
]
const institutions: Place = {
  to: '/parties/institutions',
  word: 'place.institutions',
  glyph: 'people',
}
const mine: Place = { to: '/parties/me', word: 'place.me', glyph: 'person' }

export function placesOf(face: Face): readonly Place[] {
  switch (face.role) {
    case 'owner':
    case 'staff':
      return merchant(face.organisation ?? '', face.role === 'owner')
    case 'admin':
      return [
        ...desk,
        { ...suspense, deskOnly: true },
        parts,
        residues,
        { ...bills, deskOnly: true },
        pools,
        institutions,
        { ...mine, deskOnly: true },
      ]
    case 'reviewer':
      return [
        ...desk,
        suspense,
        parts,
        residues,
        { ...bills, deskOnly: true },
        pools,
        { ...mine, deskOnly: true },
      ]
    case 'custodian':
      return [pools, suspense, parts, ...desk, mine]
    case 'supervisor':
      return [pools, suspense, parts, { ...bills, deskOnly: true }, ...desk, mine]
    default:
      return consumer
  }
}

export const homeOf = (face: Face | undefined): string =>
  face ? (placesOf(face)[0]?.to ?? '/custody/purses') : '/sign-in'
