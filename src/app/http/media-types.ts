/** Media types of bodies beside plain JSON. */
export const SCIM_TYPE = 'application/scim+json'
export const JSON_LINES_TYPES: readonly string[] = ['application/x-ndjson', 'application/jsonl']
export const MULTIPART_TYPE = 'multipart/form-data'
