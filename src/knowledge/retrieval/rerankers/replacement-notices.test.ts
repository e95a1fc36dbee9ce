import assert from 'node:assert/strict'
import { test } from 'node:test'
import { opensWithReplacement } from './superseded.ts'

const rows: readonly [text: string, replaced: boolean][] = [
  ['# Travel\n\nThis page has been superseded by policy-2024.', true],
  ['> **Superseded by** [the travel policy](travel.md)\n\nHotels cost …', true],
  ['Status: replaced by HR-17', true],
  ['This document (see the archive) was replaced by HR-17.', true],
  ['Diese Richtlinie wurde durch HR-17 ersetzt.', true],
  ['Ersetzt durch: Reiserichtlinie 2024', true],
  ['Remplacé par la politique 2024', true],
  ['Cette page a été remplacée par la politique 2024.', true],
  ['Este documento ha sido sustituido por otro.', true],
  ['この規程は新しい規程に置き換えられました。', true],
  ['本政策已被新版政策取代。', true],
  ['The old network has been replaced by a new one. This page says how to use it.', false],
  ['This policy replaces the one of 2023.', false],
  ['This page is about superseded products.', false],
  ['Diese Seite ersetzt die alte.', false],
  ['This page is deprecated.', false],
  ['Ce document est obsolète.', false],
  ['Broken screens are replaced by the help desk.', false],
  [`${'How to book a room. '.repeat(40)}\n\nSuperseded by rooms.md`, false],
  ['', false],
]
for (const [text, replaced] of rows)
  test(`${replaced ? 'a notice' : 'no notice'}: ${text.slice(0, 60).replaceAll('\n', ' ')} [A5]`, () =>
    assert.equal(opensWithReplacement(text), replaced))
