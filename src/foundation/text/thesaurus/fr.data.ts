/** placeholder until the thesaurus is written */
export const thesaurusFr: readonly string[] = [
  'vacances congé congés',
  'salaire paie rémunération',
  'ordinateur portable',
  'chef responsable manager',
  'repas dîner déjeuner',
]
