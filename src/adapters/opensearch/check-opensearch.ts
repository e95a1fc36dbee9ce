/** Looks at an OpenSearch cluster the way an operator would: reachable, recent enough, healthy, and this user allowed to work. */
import { systemClock } from '../../foundation/concurrency/clock.ts'
import { Cluster } from './cluster.ts'
import type { OpenSearchOptions } from './opensearch-index.ts'

export interface OpenSearchReport {
  readonly location: string
  readonly version: string
  /** What works now and may not later, each with its cure. */
  readonly warnings: readonly string[]
}

/** Its BM25 and its filter by bitmap are asked for by the names of this version. */
const OLDEST = 3
const FULL_PERCENT = 85

/** @param wanted what the index will be opened with @throws TouchstoneError INDEX_UNAVAILABLE, MODULE_MISSING */
export async function checkOpenSearch(
  { url, prefix, timeoutMs, replicas }: OpenSearchOptions,
  wanted: { readonly vectors: boolean },
): Promise<OpenSearchReport> {
  const cluster = await Cluster.connect({ url, timeoutMs, clock: systemClock })
  try {
    const { version } = await cluster.ask<ServerFacts>({ method: 'GET', path: '/', kind: 'read' })
    const health = await cluster.ask<Health>({ method: 'GET', path: `/_cluster/health/${prefix}.*`, kind: 'read' })
    const disks = await cluster.ask<Disk[]>({ method: 'GET', path: '/_cat/allocation', query: { format: 'json' }, kind: 'read' })
    const lacksVectors = wanted.vectors && !(await hasVectors(cluster))
    const isOpenSearch = version.distribution === 'opensearch'
    return {
      location: cluster.location,
      version: version.number,
      warnings: [
        ...(isOpenSearch ? [] : [`it is not OpenSearch but ${version.distribution ?? 'something else'}`]),
        ...(isOpenSearch && Number.parseInt(version.number) < OLDEST ? [`it is older than ${OLDEST}.0: upgrade it`] : []),
        ...(lacksVectors ? ['it has no k-NN plugin, which index.embedding needs: install opensearch-knn on every node'] : []),
        ...healthWarnings(health, replicas),
        ...disks.flatMap((disk) => diskWarnings(disk)),
      ],
    }
  } finally {
    await cluster.close()
  }
}

async function hasVectors(cluster: Cluster): Promise<boolean> {
  const query = { format: 'json' }
  const plugins = await cluster.ask<Plugin[]>({ method: 'GET', path: '/_cat/plugins', query, kind: 'read' })
  return plugins.some(({ component }) => component === 'opensearch-knn')
}

interface Plugin {
  readonly component: string
}

interface ServerFacts {
  readonly version: { readonly number: string; readonly distribution?: string }
}

interface Health {
  readonly status: 'green' | 'yellow' | 'red'
  readonly number_of_data_nodes: number
}

interface Disk {
  readonly node: string
  readonly 'disk.percent': string | null
}

function healthWarnings({ status, number_of_data_nodes: nodes }: Health, replicas: number): string[] {
  if (status === 'red') return ['parts of our indices have no node (status red): see GET /_cluster/allocation/explain']
  if (status === 'green') return []
  return nodes <= replicas
    ? [`${nodes} node(s) cannot hold ${replicas} further copies (status yellow): add nodes, or set index.replicas lower`]
    : ['copies of our indices are being made or cannot be placed (status yellow): see GET /_cluster/allocation/explain']
}

function diskWarnings({ node, 'disk.percent': percent }: Disk): string[] {
  return Number(percent ?? 0) < FULL_PERCENT ? [] : [`the disk of ${node} is ${percent} % full: at 95 % it takes no writes`]
}
