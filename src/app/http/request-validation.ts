/** Checks path, query and body of a request against its route, all problems at once. Knows nothing of what they mean. */
import { z } from 'zod'
import { TouchstoneError } from '../../foundation/errors/touchstone-error.ts'
import type { Route } from './route.ts'

export interface RequestParts {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

const NOTHING = z.strictObject({})

/** @throws TouchstoneError REQUEST_INVALID naming every problem with its path, e.g. `body.filter.source: ...` */
export function validateRequest(route: Route, request: RequestParts): RequestParts {
  const params = (route.params ?? NOTHING).safeParse(request.params ?? {})
  const query = (route.query ?? NOTHING).safeParse(request.query ?? {})
  const body = route.body === undefined ? { success: true as const, data: undefined } : route.body.safeParse(request.body)
  if (params.success && query.success && body.success) return { params: params.data, query: query.data, body: body.data }
  const problems = [
    ...problemsOf('path', params.error),
    ...problemsOf('query', query.error),
    ...problemsOf('body', 'error' in body ? body.error : undefined),
  ]
  throw new TouchstoneError('REQUEST_INVALID', { details: { problems } })
}

/** Each problem with its path. */
export function problemsOf(place: string, error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).flatMap((issue) => {
    const path = [place, ...issue.path.map(String)].join('.')
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${path}.${key}: there is no such field`)
    return [`${path}: ${issue.message}`]
  })
}
