/** How an abstention is said, by language. `{count}` documents of `{sources}` were searched; `{contact}` can help. Data only. */
import type { Abstention } from '../contracts/answer.ts'

export interface AbstentionWords {
  readonly reason: Readonly<Record<Abstention['reason'], string>>
  /** For 0, 1 and more documents. */
  readonly searched: readonly [none: string, one: string, many: string]
  readonly contact: string
  /** Between sentences. */
  readonly space: string
}

export const ABSTENTION_WORDS: Readonly<Record<string, AbstentionWords>> = {
  en: {
    reason: {
      'no-passages': 'I found nothing about this in the documents you may read.',
      'no-support': 'I found related documents, but nothing in them that supports an answer.',
      'model-abstained': 'The documents you may read do not answer this question.',
    },
    searched: [
      'There are no documents that you may read here.',
      'I searched 1 document in {sources}.',
      'I searched {count} documents in {sources}.',
    ],
    contact: 'Please ask {contact}.',
    space: ' ',
  },
  de: {
    reason: {
      'no-passages': 'Dazu habe ich in den Dokumenten, die Sie lesen dürfen, nichts gefunden.',
      'no-support': 'Ich habe verwandte Dokumente gefunden, aber nichts darin belegt eine Antwort.',
      'model-abstained': 'Die Dokumente, die Sie lesen dürfen, beantworten diese Frage nicht.',
    },
    searched: [
      'Es gibt hier keine Dokumente, die Sie lesen dürfen.',
      'Durchsucht wurde 1 Dokument in {sources}.',
      'Durchsucht wurden {count} Dokumente in {sources}.',
    ],
    contact: 'Bitte wenden Sie sich an {contact}.',
    space: ' ',
  },
  es: {
    reason: {
      'no-passages': 'No he encontrado nada sobre esto en los documentos que puede leer.',
      'no-support': 'He encontrado documentos relacionados, pero nada en ellos respalda una respuesta.',
      'model-abstained': 'Los documentos que puede leer no responden a esta pregunta.',
    },
    searched: [
      'No hay aquí documentos que pueda leer.',
      'He buscado en 1 documento de {sources}.',
      'He buscado en {count} documentos de {sources}.',
    ],
    contact: 'Pregunte a {contact}.',
    space: ' ',
  },
  fr: {
    reason: {
      'no-passages': "Je n'ai rien trouvé à ce sujet dans les documents que vous pouvez lire.",
      'no-support': "J'ai trouvé des documents proches, mais rien n'y justifie une réponse.",
      'model-abstained': 'Les documents que vous pouvez lire ne répondent pas à cette question.',
    },
    searched: [
      "Il n'y a ici aucun document que vous puissiez lire.",
      "J'ai cherché dans 1 document de {sources}.",
      "J'ai cherché dans {count} documents de {sources}.",
    ],
    contact: 'Adressez-vous à {contact}.',
    space: ' ',
  },
  ja: {
    reason: {
      'no-passages': '閲覧できる文書の中に、この件に関する記載は見つかりませんでした。',
      'no-support': '関連する文書は見つかりましたが、回答の根拠となる記載はありませんでした。',
      'model-abstained': '閲覧できる文書には、この質問への回答がありません。',
    },
    searched: [
      '閲覧できる文書はここにはありません。',
      '{sources} の文書1件を検索しました。',
      '{sources} の文書{count}件を検索しました。',
    ],
    contact: '{contact} にお問い合わせください。',
    space: '',
  },
}
