/** Words that bind, restrict or relate what a statement says, by language, in classes of one meaning. Decides nothing. */

export type Qualifier = 'must' | 'should' | 'can' | 'before' | 'after' | 'only' | 'except' | 'without' | 'if' | Bound
type Bound = 'more-than' | 'less-than' | 'at-least' | 'at-most'

/** Left out of a statement, these change whom or what it holds for. */
export const RESTRICTIONS: ReadonlySet<Qualifier> = new Set(['only', 'except', 'without', 'if'])

/** Alternatives in lower case, split by `|`; several words of one are split by a space. */
export const QUALIFIERS: Readonly<Record<string, Readonly<Partial<Record<Qualifier, string>>>>> = {
  en: {
    must: 'must|shall|have to|has to|required to|mandatory',
    should: 'should|ought to',
    can: 'may|can|could|might|cannot|allowed to|permitted to',
    before: 'before|prior to',
    after: 'after',
    only: 'only|solely|exclusively',
    except: 'unless|except|excluding|other than',
    without: 'without',
    if: 'if|provided that|as long as',
    'more-than': 'more than|over|exceeding|exceed|exceeds|above',
    'less-than': 'less than|fewer than|under|below',
    'at-least': 'at least|no less than|minimum of',
    'at-most': 'at most|up to|no more than|maximum of',
  },
  de: {
    must: 'muss|müssen|musst|müsst|verpflichtet|verpflichtend',
    should: 'soll|sollen|sollte|sollten',
    can: 'kann|können|könnte|könnten|darf|dürfen',
    before: 'vor|bevor|vorher',
    after: 'nach|nachdem|danach',
    only: 'nur|ausschließlich|lediglich',
    except: 'außer|es sei denn|ausgenommen|mit ausnahme',
    without: 'ohne',
    if: 'wenn|falls|sofern',
    'more-than': 'mehr als|über',
    'less-than': 'weniger als|unter',
    'at-least': 'mindestens',
    'at-most': 'höchstens|maximal|bis zu',
  },
  es: {
    must: 'debe|deben|debes|deberá|deberán|tiene que|tienen que|obligatorio|obligatoria',
    should: 'debería|deberían',
    can: 'puede|pueden|puedes|podrá|podrán',
    before: 'antes',
    after: 'después|tras',
    only: 'solo|sólo|solamente|únicamente|exclusivamente',
    except: 'excepto|salvo|a menos que',
    without: 'sin',
    if: 'si|siempre que',
    'more-than': 'más de|más que|superior a',
    'less-than': 'menos de|menos que|inferior a',
    'at-least': 'al menos|como mínimo|por lo menos',
    'at-most': 'como máximo|hasta',
  },
  fr: {
    must: 'doit|doivent|devez|devra|devront|obligatoire',
    should: 'devrait|devraient',
    can: 'peut|peuvent|pouvez|pourra|pourront',
    before: 'avant',
    after: 'après',
    only: 'seulement|uniquement|exclusivement',
    except: 'sauf|excepté|à moins',
    without: 'sans',
    if: 'si|à condition',
    'more-than': 'plus de|supérieur à',
    'less-than': 'moins de|inférieur à',
    'at-least': 'au moins|au minimum',
    'at-most': 'au plus|au maximum',
  },
}
