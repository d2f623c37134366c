import { useParams, useSearch } from '@tanstack/react-router'
import type { ListSearch } from './search.ts'

type Named<K extends string> = K extends 'merchant'
  ? `mer_${string}`
  : K extends 'purse'
    ? `pur_${string}`
    : K extends 'spend'
      ? `spd_${string}`
      : K extends 'topUp'
        ? `top_${string}`
        : K extends 'request'
          ? `stl_${string}`
          : K extends 'pool'
            ? `pol_${string}`
            : string

/** The id in the URL. The API checks it; here its prefix is only promised to the compiler. */
export function useParam<K extends string>(name: K): Named<K> {
  const params: Record<string, string | undefined> = useParams({ strict: false })
  return (params[name] ?? '') as Named<K>
}

export function useListParams(): ListSearch {
  return useSearch({ strict: false })
}
