/** Maps in order with at most `limit` at work at once; the first failure ends it. */
export async function mapLimited<In, Out>(
  items: readonly In[],
  limit: number,
  map: (item: In) => Promise<Out>,
): Promise<readonly Out[]> {
  const results: Out[] = []
  const entries = items.entries()
  // All workers draw from one iterator.
  const work = async (): Promise<void> => {
    for (const [index, item] of entries) {
      // oxlint-disable-next-line no-await-in-loop -- as many at once as there are workers
      results[index] = await map(item)
    }
  }
  await Promise.all(Array.from({ length: limit }, work))
  return results
}
