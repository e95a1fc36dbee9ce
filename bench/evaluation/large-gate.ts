/** A child of the evaluation suite: gates 100,000 recorded cases and prints the CPU seconds it took and the most memory the process held. */
import { createSeededRandom } from '../../src/foundation/statistics/seeded-random.ts'
import { decideRelease } from '../../src/lifecycle/gate/decide-release.ts'
import { defaultPolicy } from '../../src/lifecycle/gate/gate-policy.ts'
import { simulateRuns } from './simulated-runs.ts'

const cases = Number(process.argv[2])
const design = { cases, discordance: 0.1, drop: 0, metrics: 2, repeats: 1, clusterSize: 1 }
const { baseline, candidate } = simulateRuns(design, createSeededRandom(1))
const [before, began] = [process.cpuUsage(), performance.now()]
const { verdict } = decideRelease(baseline, candidate, defaultPolicy, { today: '2026-01-01' })
const { user, system } = process.cpuUsage(before)
const seconds = (performance.now() - began) / 1_000
const megabytes = process.resourceUsage().maxRSS / 1_000
console.log(JSON.stringify({ verdict, seconds, cpuSeconds: (user + system) / 1e6, megabytes }))
