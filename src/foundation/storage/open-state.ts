/** An opened state as the composition holds it: the database, and what each database does in a way of its own. Adapters make it. */
import type { JobQueue } from '../../contracts/job-queue.ts'
import type { Leases } from './lease.ts'
import type { StateDatabase } from './state-schema.ts'

export interface OpenState {
  readonly db: StateDatabase
  readonly leases: Leases
  /** Path, or host and database: what people may be shown. */
  readonly location: string
  /** @param leaseMs how long a job may go without a sign of life */
  openJobs(tenant: string, leaseMs: number): Promise<OpenJobs>
  close(): Promise<void>
}

export interface OpenJobs extends JobQueue {
  close(): Promise<void>
}
