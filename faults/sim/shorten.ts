/** From a list that fails to a short one that still does: leaves out halves, quarters, single ones. */
export async function shorten<T>(
  list: readonly T[],
  fails: (list: readonly T[]) => boolean | Promise<boolean>,
  until = Infinity,
): Promise<readonly T[]> {
  let kept = list
  for (let size = kept.length >> 1; size >= 1;) {
    const before = kept.length
    for (let from = 0; from < kept.length && performance.now() < until;) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)]
      if (await fails(without)) kept = without
      else from += size
    }
    // Single ones until none can be left out: the later ones may have stood on the earlier.
    if (size > 1 || kept.length === before) size >>= 1
  }
  return kept
}
