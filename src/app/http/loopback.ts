/** What is this machine itself, and which browser requests may reach it when the caller names the user. Knows nothing of credentials. */
import type { IncomingHttpHeaders } from 'node:http'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i

/** @param host a name or address without port */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK.test(host)
}

/**
 * A web page of somebody else must not speak as a local user: neither under a name of its own that resolves to loopback
 * (DNS rebinding: the Host header betrays it) nor across origins (Origin and Sec-Fetch-Site do).
 * @throws TouchstoneError ORIGIN_REFUSED
 */
export function requireOwnOrigin(headers: IncomingHttpHeaders): void {
  const host = headers.host ?? ''
  if (!isLoopbackHost(host.replace(/:\d+$/, ''))) throw refused(`the host ${host === '' ? '(none)' : host}`)
  const origin = headers.origin
  if (origin !== undefined && origin !== `http://${host}`) throw refused(`the origin ${origin}`)
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused(`a ${String(site)} page`)
}

function refused(origin: string): TouchstoneError {
  return new TouchstoneError('ORIGIN_REFUSED', { details: { origin } })
}
