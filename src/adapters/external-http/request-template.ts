/** Fills a question into the request that an index wants. Knows placeholders; a question can never become syntax. */
import type { ExternalQuery } from '../../contracts/external-index.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const PLACEHOLDER = /\{(query|limit|user)\}/g

/** Values are encoded, so that nothing in a question reaches beyond its place. */
export function fillUrl(url: string, query: ExternalQuery, limit: number): string {
  return url.replace(PLACEHOLDER, (_match, name: string) => encodeURIComponent(textOf(name, query, limit)))
}

/** `"{limit}"` alone becomes a number and `"{principals}"` alone a list; everything else stays a text. */
export function fillBody(body: Json, query: ExternalQuery, limit: number): Json {
  if (body === '{limit}') return limit
  if (body === '{principals}') return query.principals
  if (typeof body === 'string') return body.replace(PLACEHOLDER, (_match, name: string) => textOf(name, query, limit))
  if (body === null || typeof body !== 'object') return body
  if (Array.isArray(body)) return body.map((entry: Json) => fillBody(entry, query, limit))
  return Object.fromEntries(Object.entries(body).map(([key, value]: [string, Json]) => [key, fillBody(value, query, limit)]))
}

function textOf(name: string, { text, user }: ExternalQuery, limit: number): string {
  return name === 'query' ? text.toWellFormed() : name === 'user' ? user : String(limit)
}
