/** Questions and passages that answer them, each about something else: the fixed sample on which embeddings are compared. A change moves every weight that rests on it. */

export const UNRELATED_PAIRS: readonly (readonly [question: string, passage: string])[] = [
  [
    'How many days of annual leave do I get?',
    'Full-time employees have twenty-five days of paid leave a year. Days that are not taken by March expire.',
  ],
  [
    'Why does the build fail on the staging server?',
    'The compiler needs at least two gigabytes of memory. Raise the limit of the container, then start the pipeline again.',
  ],
  [
    'What temperature should chicken be cooked to?',
    'Poultry is safe when the thickest part has reached 74 degrees. Let it rest for a few minutes before carving.',
  ],
  [
    'Which planets have rings?',
    'Saturn is the best known, but Jupiter, Uranus and Neptune are circled by thin bands of dust and ice as well.',
  ],
  [
    'Who signs supplier contracts?',
    'Agreements above ten thousand euros are signed by the head of procurement together with a member of the board.',
  ],
  [
    'How is the flow over a flat plate computed?',
    'The boundary layer equations are solved numerically for laminar flow at small angles of attack and high Reynolds numbers.',
  ],
  [
    'What are the symptoms of iron deficiency?',
    'Tiredness, pale skin and shortness of breath are common. A blood test shows the level of ferritin.',
  ],
  [
    'When did the printing press reach England?',
    'William Caxton set up his workshop in Westminster in 1476 and printed about a hundred books there.',
  ],
  [
    'How do I reset my password?',
    'Open the sign-in page, choose the link below the form, and follow the message that is sent to your address.',
  ],
  [
    'What causes tides in the ocean?',
    'The pull of the moon and, more weakly, of the sun raises the water on both sides of the earth.',
  ],
  [
    'How often must fire extinguishers be checked?',
    'A trained person inspects each device once a year and notes the date on the label. Empty ones are replaced.',
  ],
  [
    'How are library catalogues indexed by subject?',
    'Cataloguers assign headings from a controlled vocabulary, so that books on one topic are found together.',
  ],
  [
    'Which tyres are best for gravel roads?',
    'Wide tyres with low pressure absorb small stones. A tread with closely spaced knobs rolls easily and still grips.',
  ],
  [
    'What does a violinist do with rosin?',
    'It is rubbed on the hair of the bow, so that the strings are caught and begin to sound.',
  ],
  [
    'How are refunds paid out?',
    'The amount is returned to the card that was used. It takes five working days until the bank shows it.',
  ],
  [
    'How do bees find their way home?',
    'They remember landmarks and use the position of the sun, which they can see through clouds by polarised light.',
  ],
  [
    'What is the deadline for the quarterly report?',
    'Figures are due on the tenth working day after the end of the quarter; the auditors receive them a week later.',
  ],
  [
    'How deep should tulip bulbs be planted?',
    'Set them three times as deep as they are high, point up, in loose soil that does not stay wet in winter.',
  ],
  [
    'Can I bring my dog to the office?',
    'Animals are welcome on two floors when everybody in the room agrees and the owner has signed the house rules.',
  ],
  [
    'How does a heat pump work?',
    'A refrigerant takes up warmth outside, is compressed, and gives the warmth off to the water of the heating circuit.',
  ],
]
