/** Which area of src may import which; `test/architecture/dependency-rule.ts` enforces it, type imports included. */

export interface AreaRule {
  /** Other areas it may import; its own files it always may. */
  readonly imports: readonly string[]
  /** Whether it may import packages and Node's modules. */
  readonly packages: boolean
  /** What the area is, as the reason for the rule. */
  readonly reason: string
}

/** `src/AREA/`. A new area is a decision: write an ADR, then a row. */
export const areaRules: Readonly<Record<string, AreaRule>> = {
  contracts: { imports: [], packages: false, reason: 'it says what the parts promise each other, and nothing else' },
  foundation: { imports: ['contracts'], packages: true, reason: 'everything stands on it' },
  knowledge: {
    imports: ['contracts', 'foundation'],
    packages: true,
    reason: 'the areas meet in contracts and are wired in src/app/compose.ts',
  },
  serving: {
    imports: ['contracts', 'foundation'],
    packages: true,
    reason: 'the areas meet in contracts and are wired in src/app/compose.ts',
  },
  lifecycle: {
    imports: ['contracts', 'foundation'],
    packages: true,
    reason: 'the areas meet in contracts and are wired in src/app/compose.ts',
  },
  adapters: {
    imports: ['contracts', 'foundation'],
    packages: true,
    reason: 'an adapter implements contracts over one foreign system',
  },
  client: { imports: ['contracts'], packages: false, reason: 'it runs in browsers' },
  testing: { imports: ['contracts', 'foundation'], packages: true, reason: 'it is exported to those who write extensions' },
  app: {
    imports: ['contracts', 'foundation', 'knowledge', 'serving', 'lifecycle', 'adapters', 'client', 'testing'],
    packages: true,
    reason: 'it is the one place that knows everything; nobody imports it',
  },
}

/** In these areas each folder directly below stands alone: none imports another. */
export const areasOfSeparateFolders: readonly string[] = ['adapters']
