/** Errors in the form of RFC 7644, 3.12. Knows which scimType a code has. */
import type { ErrorCode } from '../../../foundation/errors/catalog.data.ts'
import { TouchstoneError } from '../../../foundation/errors/touchstone-error.ts'
import { SCIM_TYPE } from '../media-types.ts'
import type { Problem } from '../problem.ts'
import type { ErrorForm } from '../route.ts'

export type ScimErrorType = 'invalidFilter' | 'invalidPath' | 'invalidSyntax' | 'invalidValue' | 'noTarget' | 'mutability'

export function scimError(type: ScimErrorType, reason: string): TouchstoneError {
  return new TouchstoneError('DIRECTORY_VALUE_INVALID', { details: { type, reason } })
}

const TYPES: Partial<Record<ErrorCode, string>> = { PRINCIPAL_TAKEN: 'uniqueness', REQUEST_INVALID: 'invalidSyntax' }

export const scimErrors: ErrorForm = {
  mediaType: SCIM_TYPE,
  render: ({ code, status, detail, details }: Problem) => {
    const scimType = code === 'DIRECTORY_VALUE_INVALID' ? details['type'] : TYPES[code]
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail,
    }
  },
}
