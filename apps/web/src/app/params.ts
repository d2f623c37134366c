import { useParams, useSearch } from '@tanstack/react-router'
import type { ListSearch } from './search.ts'

type Ids = {
  merchant: `mer_${string}`
  purse: `pur_${string}`
  spend: `spd_${string}`
  topUp: `top_${string}`
  residue: `rsd_${string}`
  request: `stl_${string}`
  pool: `pol_${string}`
  suspense: `sus_${string}`
  institution: `ins_${string}`
  order: `ord_${string}`
  event: `evt_${string}`
  tab: `tab_${string}`
  break: `brk_${string}`
  outlet: `out_${string}`
  terminal: `trm_${string}`
  notice: `ntc_${string}`
}
type Named<K extends string> = K extends keyof Ids ? Ids[K] : string

/** The id in the URL. The API checks it; here its prefix is only promised to the compiler. */
export function useParam<K extends string>(name: K): Named<K> {
  const params: Record<string, string | undefined> = useParams({ strict: false })
  return (params[name] ?? '') as Named<K>
}

export function useListParams(): ListSearch {
  return useSearch({ strict: false })
}
