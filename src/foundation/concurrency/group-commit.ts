/** Work that costs as much for many as for one, done for all who wait: one transaction, one flush. Knows nothing of the work. */

/**
 * While one group is at work the next one gathers, so a lone caller waits for nobody and a crowd shares the cost.
 * Results come in the order of the items; when the work throws, every item of its group does.
 * @param limit items of one group, at most
 */
export function createGroupCommit<Item, Result>(
  limit: number,
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: { readonly item: Item; readonly settle: PromiseWithResolvers<Result> }[] = []
  let isRunning = false
  async function run(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const group = waiting.splice(0, limit)
      try {
        const results = await work(group.map(({ item }) => item))
        for (const [at, { settle }] of group.entries()) settle.resolve(results[at] as Result)
      } catch (error) {
        for (const { settle } of group) settle.reject(error)
      }
    }
    isRunning = false
  }
  return (item) => {
    const settle = Promise.withResolvers<Result>()
    waiting.push({ item, settle })
    if (!isRunning) void run()
    return settle.promise
  }
}
