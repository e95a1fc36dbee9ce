/** Public entry `touchstone/statistics`: intervals and distributions. Code inside the program imports the single files. */
export { betaProbability, betaQuantile } from './beta-distribution.ts'
export { scoreMeanInterval } from './mean-interval.ts'
export { normalQuantile } from './normal-distribution.ts'
export { clopperPearsonInterval, wilsonInterval, type Interval } from './proportion-intervals.ts'
