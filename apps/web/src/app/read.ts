/** Reads for pages: react-query around `call`, with the words that pages use. */
import { me, type ReplyOf, type Route } from '@bursar/contract'
import {
  keepPreviousData,
  QueryCache,
  QueryClient,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { call, Failure, type Ask } from './call.ts'

const busy = (error: Error) => error instanceof Failure && error.problem?.code === 'busy'

/** A definite refusal is not asked again; a lost answer is, twice; a busy server, four times. */
const worthAnother = (count: number, error: Error) =>
  busy(error) ? count < 4 : count < 2 && !(error instanceof Failure && error.ending === 'refused')

/** A session that ended while a page was open: the frame asks who we are, and leads to sign in. */
const ended = (error: Error, asked: readonly unknown[]) => {
  if (!(error instanceof Failure) || error.status !== 401 || asked[0] === me.path) return
  void memory.invalidateQueries({ queryKey: [me.path] })
}

export const memory = new QueryClient({
  queryCache: new QueryCache({ onError: (error, query) => ended(error, query.queryKey) }),
  defaultOptions: {
    queries: { retry: worthAnother, staleTime: 5_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})

const keyOf = (route: Route, ask: object) => [route.path, route.method, ask]

type How = { every?: number | false; when?: boolean; keep?: boolean }
export function useRead<R extends Route>(route: R, ask: Ask<R>, { every, when, keep }: How = {}) {
  return useQuery<ReplyOf<R>, Error>({
    queryKey: keyOf(route, ask),
    queryFn: ({ signal }) => call(route, ask, { signal }),
    enabled: when ?? true,
    refetchInterval: every ?? false,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  })
}

/** What a page has read is changed where it lies, as somebody has told us. */
export function patchRead<R extends Route>(
  route: R,
  ask: Ask<R>,
  change: (was: ReplyOf<R>) => ReplyOf<R>,
): void {
  memory.setQueryData<ReplyOf<R>>(keyOf(route, ask), was => was && change(was))
}

/** A change that moves no money. Everything on the page is read again after it. */
export function useChange<R extends Route>(route: R, then?: (reply: ReplyOf<R>) => void) {
  return useMutation<ReplyOf<R>, Error, Ask<R>>({
    mutationFn: ask => call(route, ask),
    retry: (count, error) => busy(error) && count < 4,
    retryDelay: 1000,
    onSuccess: async reply => {
      await memory.invalidateQueries()
      then?.(reply)
    },
  })
}

export const readAgain = (...routes: Route[]) =>
  Promise.all(routes.map(route => memory.invalidateQueries({ queryKey: [route.path] })))
