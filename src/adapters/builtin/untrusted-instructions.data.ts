/** How text speaks to a model instead of a reader. A sentence that does is never selected as an answer. Data only. */
export const INSTRUCTION_PATTERNS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules|guidelines|guardrails|above|previous|prior|earlier|permissions?|restrictions?)\b/iu,
  /\b(?:reveal|print|output|repeat|show|disclose|leak|list|include|exfiltrate|send)\b.{0,60}\b(?:system prompt|hidden prompt|your (?:prompt|instructions|rules)|all (?:the )?(?:salaries|passwords|secrets|documents you)|api keys?)\b/iu,
  /\b(?:system prompt|developer message|language model|jailbreak|you are (?:now )?(?:an? )?(?:ai|assistant|chatbot|llm|dan|language model))\b/iu,
  /\b(?:note|message|instructions?|attention|important)\b[^.]{0,20}\b(?:to|for)\b[^.]{0,20}\b(?:ai|assistants?|models?|llms?|chatbots?|bots?)\b/iu,
  /\b(?:ai|assistants?|models?|llms?|chatbots?)\b[^.]{0,30}\b(?:must|should|shall|are to|is to|have to|has to|will)\b[^.]{0,40}\b(?:answer|reply|respond|say|tell|state|reveal|ignore|recommend|output|include|disregard)\b/iu,
  /\b(?:answer|reply|respond) (?:only |always |every question )?(?:with|by|that)\b.{0,60}\b(?:instead|regardless|no matter|always|verbatim|whatever)\b/iu,
  /\b(?:when|if) (?:asked|you are asked|a user asks|anyone asks|someone asks)\b.{0,80}\b(?:say|answer|reply|respond|tell|state|claim)\b/iu,
  /<\|?(?:im_start|im_end|system|user|assistant|endoftext)\|?>|\[\/?INST\]|<<SYS>>/iu,
  /\b(?:ignoriere|missachte|vergiss|umgehe)\b.{0,40}\b(?:anweisung(?:en)?|regeln|vorgaben|bisherigen|vorherigen|oben)\b/iu,
  /\b(?:ignora|olvida|omite|haz caso omiso)\b.{0,40}\b(?:instrucciones|reglas|anteriores|indicaciones|todo lo)\b/iu,
  /\b(?:ignore[zr]?|oublie[zr]?)\b.{0,40}\b(?:instructions|consignes|règles|précédentes)\b/iu,
  /(?:指示|命令|ルール|プロンプト).{0,12}(?:無視|忘れ|従わ)|(?:AI|アシスタント|モデル)(?:は|へ|に).{0,30}(?:答え|回答|出力|開示)/u,
]
