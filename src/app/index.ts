/** Public entry `touchstone`: what a configuration file and an embedding program need. */
export type { Application } from './application.ts'
export { defineConfig, type TouchstoneConfig } from './config.ts'
export { TouchstoneError } from '../foundation/errors/touchstone-error.ts'
export { defineSuite, type SuiteDefinition } from '../lifecycle/evaluation/datasets/suite-definition.ts'
