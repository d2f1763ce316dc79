/**
 * A cycle as `['a', 'b', 'a']`, or null. Names that are no key of the graph lead nowhere. Keeps its
 * own stack: a chain may be as long as a file is large.
 */
export function findCycle(
  graph: ReadonlyMap<string, readonly { readonly target: string }[]>,
): readonly string[] | null {
  const finished = new Set<string>()
  for (const start of graph.keys()) {
    const path: string[] = []
    const onPath = new Set<string>()
    const pending: { readonly name: string; readonly leave: boolean }[] = [
      { name: start, leave: false },
    ]
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      const { name, leave } = step
      if (leave) {
        path.pop()
        onPath.delete(name)
        finished.add(name)
        continue
      }
      if (onPath.has(name)) return [...path.slice(path.indexOf(name)), name]
      if (finished.has(name)) continue
      path.push(name)
      onPath.add(name)
      pending.push({ name, leave: true })
      for (const { target } of (graph.get(name) ?? []).toReversed())
        pending.push({ name: target, leave: false })
    }
  }
  return null
}
