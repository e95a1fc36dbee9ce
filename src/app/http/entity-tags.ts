/** Entity tags and preconditions of requests (RFC 9110). Knows their spelling; what a tag names is the resource's. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Precondition } from '../../contracts/pushed-document.ts'

/** @returns nothing when the request sets no condition */
export function preconditionOf(headers: IncomingHttpHeaders): Precondition | undefined {
  const ifMatch = headers['if-match']
  const ifNoneMatch = headers['if-none-match']
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined
  return {
    ...(ifMatch === undefined ? {} : { ifMatch: tagsOf(ifMatch) }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch: tagsOf(ifNoneMatch) }),
  }
}

/** Weak marks are dropped: a proxy that compresses adds them. Unquoted tags are taken as they stand. */
function tagsOf(header: string): string[] {
  return header
    .split(',')
    .map((tag) =>
      tag
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
    .filter((tag) => tag !== '')
}
