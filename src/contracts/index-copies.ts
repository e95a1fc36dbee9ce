/** An index as files, for backups. Knows nothing of what an index holds. */

/** Copies of an index as files. What is copied may lag or lead the state a little: whoever loads it compares the two. */
export interface IndexCopies {
  /**
   * Writes the present content into a folder that does not exist yet, while others read and write. Returns when it is durable.
   * @param onBytes called with the size of each piece
   * @throws TouchstoneError INDEX_CORRUPT, DISK_FULL
   */
  save(tenant: string, definition: string, directory: string, onBytes: (count: number) => void): Promise<void>
  /** Makes such a folder the content of an index that does not exist yet. @throws TouchstoneError DISK_FULL */
  load(tenant: string, definition: string, directory: string, onBytes: (count: number) => void): Promise<void>
}
