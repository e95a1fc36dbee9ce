/** The sample company: what `npm start` serves in this checkout. `npx touchstone init` writes one for your own documents. */
import { defineConfig } from 'touchstone'

export default defineConfig({
  // Who may read what stands beside the documents, in access.yaml files and in front matter.
  sources: {
    handbook: { kind: 'folder', path: 'examples/handbook', exclude: ['*.csv'] },
  },
  access: {
    usersCsv: 'examples/handbook/people.csv',
    groupsCsv: 'examples/handbook/groups.csv',
  },
  features: {
    answers: { policy: { contact: 'the service desk (it-help@brightwater.example)' } },
  },
})
