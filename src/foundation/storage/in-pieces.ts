/** Long lists in pieces that one statement takes. Knows the databases' limit of parameters; knows no table. */

/** SQLite takes 32,766 parameters, PostgreSQL 65,535; rows here have at most four columns. */
const ROWS = 5_000

/** @param size rows in a piece; fewer than the default where a row has more columns */
export function inPieces<Row>(rows: readonly Row[], size = ROWS): Row[][] {
  const pieces: Row[][] = []
  for (let start = 0; start < rows.length; start += size) pieces.push(rows.slice(start, start + size))
  return pieces
}
