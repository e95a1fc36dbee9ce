import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dominantScript, scriptOfLanguage, writesScript } from './script.ts'

test('every letter of the main blocks is counted for the script that Unicode gives it [A8]', () => {
  const names = `Latn Grek Cyrl Armn Hebr Arab Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Thai Laoo Mymr Geor Hang Ethi Khmr Hani`
  for (const script of names.split(' ')) {
    const letter = new RegExp(`[\\p{L}&&\\p{Script=${script}}]`, 'v')
    let missed = 0
    let letters = 0
    for (let unit = 0; unit < 0xd800; unit++) {
      const text = String.fromCharCode(unit)
      if (!letter.test(text)) continue
      letters++
      if (dominantScript(text) !== script) missed++
    }
    // Supplements that no running text is made of may be missed.
    assert.ok(missed <= letters * 0.4 && letters > 0, `${script}: ${missed} of ${letters}`)
  }
})

test('the script of a text', () => {
  for (const [text, script] of [
    ['', undefined],
    ['42 !?', undefined],
    ['hello мир', 'Latn'],
    ['年次有給休暇の申請', 'Jpan'],
    ['カタカナ', 'Jpan'],
    ['年假政策', 'Hani'],
    ['The office in 東京', 'Latn'],
    ['APIキーの更新', 'Jpan'],
    ['ｆｕｌｌ', 'Latn'],
    ['ｶﾀｶﾅ', 'Jpan'],
  ] as const)
    assert.equal(dominantScript(text), script, text)
  assert.equal(scriptOfLanguage('ja'), 'Jpan')
  assert.ok(writesScript('ja', 'Hani') && writesScript('xx', 'Latn') && !writesScript('de', 'Cyrl'))
})
