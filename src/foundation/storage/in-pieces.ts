/** Long lists in pieces that one statement takes. Knows the databases' limit of parameters; knows no table. */

/** SQLite takes 32,766 parameters, PostgreSQL 65,535; rows here have at most four columns. */
const ROWS = 5_000

export function inPieces<Row>(rows: readonly Row[]): Row[][] {
  const pieces: Row[][] = []
  for (let start = 0; start < rows.length; start += ROWS) pieces.push(rows.slice(start, start + ROWS))
  return pieces
}
