/** Every generated page. */
import { cliPage } from './cli-page.ts'
import { configurationPage } from './configuration-page.ts'
import { errorPage } from './error-page.ts'
import { extensionPage } from './extension-page.ts'
import { httpPage } from './http-page.ts'
import type { ReferencePage } from './page.ts'

export const referencePages: readonly ReferencePage[] = [configurationPage, cliPage, httpPage, errorPage, extensionPage]
