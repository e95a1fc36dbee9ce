/** A suite in TypeScript, over the sample company: `npx touchstone eval examples/suite/leave.suite.ts`. */
import { defineSuite } from 'touchstone'

export default defineSuite({
  name: 'leave',
  description: 'Questions about leave, alone and in conversation.',
  purpose: 'Shows what a suite can say.',
  approved_by: 'the maintainers',
  // Every case, beside what it expects itself: an answer in a few sentences.
  scorers: [{ scorer: 'module', name: 'brief', run: ({ output }) => (String(output).length < 800 ? 1 : 0) }],
  splits: { holdout: ['leave-moved'] },
  cases: [
    {
      id: 'leave-days',
      as: 'maria',
      question: 'How many days of annual leave do I have?',
      assert: [{ scorer: 'numeric', value: 27, unit: 'days', pick: 'any', metric: 'days' }],
      slice: { language: 'en' },
    },
    {
      id: 'leave-talk',
      as: 'maria',
      turns: [
        { question: 'How many days of annual leave do I have?', expect: { facts: ['27 days'] } },
        {
          question: 'Can I carry some of them over to the next year?',
          assert: [{ scorer: 'contains', any: ['carry', 'carried'] }],
        },
      ],
    },
    {
      id: 'leave-moved',
      as: 'petra',
      question: 'Do I get a day off when I move house?',
      assert: [{ scorer: 'contains', any: ['mov'] }],
    },
  ],
})
