/** What the first stage said of a chunk, for those who order again. Knows nothing of engines or of how lists are fused. */

/** What the first-stage lists said of a chunk: shares of the best in each list, in [0, 1]; 0 where it does not stand in one. */
export interface FirstStageScores {
  readonly chunk: number
  readonly document: number
}
