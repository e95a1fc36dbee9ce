/** How much may still be spent. Knows sums; knows nothing of prices. */

export interface Budget {
  /** Whether one more call fits, by what earlier ones cost; once it does not, none does any more. */
  admits(): boolean
  begin(): void
  end(costNanoUsd: number | undefined): void
}

/** @param maxNanoUsd no limit when absent */
export function createBudget(maxNanoUsd = Infinity): Budget {
  let [spent, ended, running] = [0, 0, 0]
  let isOver = false
  return {
    admits: () => {
      const mean = ended === 0 ? 0 : spent / ended
      isOver ||= spent + (running + 1) * mean > maxNanoUsd
      return !isOver
    },
    begin: () => void running++,
    end: (costNanoUsd = 0) => {
      running--
      ended++
      spent += costNanoUsd
    },
  }
}
