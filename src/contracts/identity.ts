/** Branded identifiers. Knows their spelling; knows nothing of what they point to. */

declare const brand: unique symbol
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name }

/** A separate customer or division; every stored row and every index table belongs to one. */
export type TenantId = Branded<string, 'TenantId'>
/** `user:ID`, `group:ID`, `service:ID`, or the built-in `everyone` (each enabled user). */
export type PrincipalId = Branded<string, 'PrincipalId'>
/** `source:path`, stable over versions. */
export type DocumentId = Branded<string, 'DocumentId'>
/** Content hash of a document's bytes and of what decides how they are read. */
export type DocumentVersion = Branded<string, 'DocumentVersion'>
/** `document#ordinal`. */
export type ChunkId = Branded<string, 'ChunkId'>
/** Int32 naming the place where a permission is declared (config rule, folder, document). */
export type ScopeId = Branded<number, 'ScopeId'>
/** Hash of a release manifest. */
export type ReleaseId = Branded<string, 'ReleaseId'>
/** One id from an answer to its trace, its release and its documents. */
export type TraceId = Branded<string, 'TraceId'>
export type ConversationId = Branded<string, 'ConversationId'>
