/** The page: its policy fits its script, and nothing enters it as markup. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { parseHTML } from 'linkedom'
import { createPage } from './page.ts'
import { pageScript } from './page.data.ts'

const page = createPage({ features: ['answers'], examples: ['</script><script>alert(1)</script>', '$& $1 %SCRIPT%'] })
const { document } = parseHTML(page.html)

test('the policy allows exactly the script and style that the page carries [H4]', () => {
  const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const inline = [...document.querySelectorAll('script:not([type]), style')].map((element) => hashOf(element.textContent ?? ''))
  assert.equal(inline.length, 2)
  for (const hash of inline) assert.ok(page.contentSecurityPolicy.includes(hash))
  assert.equal(document.querySelectorAll('[onclick], [style], script[src], link[rel=stylesheet]').length, 0)
})

test('settings reach the page as data, whatever they say [H4]', () => {
  const settings = JSON.parse(document.getElementById('settings')!.textContent!) as { examples: string[] }
  assert.deepEqual(settings.examples, ['</script><script>alert(1)</script>', '$& $1 %SCRIPT%'])
})

test('the script is valid and writes text only as text [H4]', () => {
  assert.doesNotThrow(() => new Function(pageScript))
  assert.doesNotMatch(pageScript, /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(/)
  const ids = [...pageScript.matchAll(/\$\('([\w-]+)'\)/g)].map(([, id]) => id!)
  assert.deepEqual(
    ids.filter((id) => document.getElementById(id) === null),
    [],
  )
})
