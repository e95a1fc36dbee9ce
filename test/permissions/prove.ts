/**
 * `npm run prove:permissions -- [--checks N] [--seed S] [--plants] [--replay SEED:STEP,STEP…] [--looks N]
 * [--opensearch]`: the long proof, a history
 * seen again, or how long each planted leak takes to be found. `--opensearch`: in the cluster that TOUCHSTONE_OPENSEARCH_URL names.
 */
import { parseArgs } from 'node:util'
import { inCluster } from './cluster.ts'
import { plantCatalog } from './plants/catalog.ts'
import { describeOutcome, findPlant, type History, median, openProver, replayCommand, shrink, stepsUpTo } from './proof.ts'

const { values } = parseArgs({
  options: {
    checks: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '40' },
    looks: { type: 'string', default: '8' },
    plants: { type: 'boolean', default: false },
    plant: { type: 'string', default: '' },
    replay: { type: 'string' },
    opensearch: { type: 'boolean', default: false },
  },
})
const prover = await openProver(values.opensearch ? inCluster : undefined)
const looks = Number(values.looks)
try {
  if (values.replay !== undefined) await replay(values.replay)
  else if (values.plants) await showPlants()
  else await prove(Number(values.checks), Number(values.seed))
} finally {
  await prover.close()
}
process.exit()

async function replay(text: string): Promise<void> {
  const [seed, steps = ''] = text.split(':')
  const outcome = await prover.run({ seed: Number(seed), steps: steps === '' ? [] : steps.split(',').map(Number), looks })
  console.log(describeOutcome(outcome))
  console.log(`${outcome.violations.length} violations`)
  if (outcome.violations.length > 0) process.exitCode = 1
}

async function prove(checks: number, firstSeed: number): Promise<void> {
  const began = performance.now()
  let histories = 0
  for (let seed = firstSeed; prover.tally.checks < checks; seed++, histories++) {
    const history: History = { seed, steps: stepsUpTo(Number(values.steps)), looks, commandLine: true }
    const outcome = await prover.run(history)
    if (outcome.violations.length > 0) return tellFailure(history, describeOutcome(outcome))
    const seconds = Math.round((performance.now() - began) / 1_000)
    console.error(`seed ${seed}: ${prover.tally.checks} checks, ${seconds} s`)
  }
  const { user, system } = process.cpuUsage()
  const seconds = Math.round((performance.now() - began) / 1_000)
  const cpu = Math.round((user + system) / 1_000_000)
  const { tally } = prover
  console.log(
    `${tally.checks} checks in ${tally.looks} looks, ${histories} histories of ${values.steps} steps: 0 violations; ${seconds} s, ${cpu} s of processor`,
  )
  for (const [surface, count] of tally.bySurface) console.log(`  ${surface}: ${count}`)
}

async function tellFailure(history: History, story: string): Promise<void> {
  console.log(`seed ${history.seed} fails:\n${story}\nshrinking…`)
  const shortest = await shrink(prover, history, 60)
  console.log(`${describeOutcome(await prover.run(shortest))}\n${replayCommand(shortest)}`)
  process.exitCode = 1
}

async function showPlants(): Promise<void> {
  const times: number[] = []
  const plants = plantCatalog.filter(({ id }) => new RegExp(values.plant).test(id))
  for (const plant of plants) {
    const found = await findPlant(prover, plant, Number(values.steps), looks)
    if (found === undefined) process.exitCode = 1
    else times.push(found.ms)
    const told =
      found === undefined
        ? 'NOT FOUND'
        : `${(found.ms / 1_000).toFixed(1)} s, seed ${found.seed}, step ${found.steps}, ${found.by}`
    console.log(`${plant.id}: ${told}`)
  }
  console.log(`${times.length} of ${plants.length} found, median ${(median(times) / 1_000).toFixed(1)} s`)
}
