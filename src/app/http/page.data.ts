/** The page's markup, style and script as text: one file without a framework, so that the server needs no build. Knows only the HTTP API. */

export const pageTemplate = String.raw`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Touchstone</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%23234b45'/%3E%3Cpath d='M4 5h8M8 5v7' stroke='%23f3c969' stroke-width='2' stroke-linecap='round'/%3E%3C/svg%3E">
<style>%STYLE%</style>
</head>
<body>
<header>
  <h1><span class="mark" aria-hidden="true"></span>Touchstone</h1>
  <form id="who" autocomplete="off">
    <label id="key-field" hidden>Key <input id="key" type="password" autocomplete="off" placeholder="ts_… or token"></label>
    <label>Ask as <select id="user-list" hidden></select><input id="user-name" hidden autocapitalize="none" spellcheck="false" placeholder="user"></label>
  </form>
</header>
<main>
  <section id="welcome">
    <h2>Ask your documents.</h2>
    <p>Every sentence of an answer cites a passage that you may read. Where nothing supports an answer, there is none.</p>
    <ul id="examples" aria-label="Example questions"></ul>
  </section>
  <div id="thread" aria-live="polite"></div>
</main>
<form id="ask">
  <div class="box">
    <label for="question" class="unseen">Question</label>
    <textarea id="question" rows="1" placeholder="Ask a question" required></textarea>
    <div class="row">
      <fieldset>
        <legend class="unseen">What to do</legend>
        <label><input type="radio" name="mode" value="answer" checked><span>Answer</span></label>
        <label><input type="radio" name="mode" value="search"><span>Search</span></label>
      </fieldset>
      <button type="button" id="fresh" class="quiet" hidden>Start over</button>
      <button type="submit" id="send">Ask</button>
    </div>
  </div>
</form>
<dialog id="source" aria-labelledby="source-title">
  <form method="dialog"><button class="quiet" aria-label="Close">✕</button></form>
  <h2 id="source-title"></h2>
  <p id="source-place" class="dim"></p>
  <blockquote id="source-text" tabindex="0"></blockquote>
</dialog>
<script type="application/json" id="settings">%SETTINGS%</script>
<script>%SCRIPT%</script>
</body>
</html>
`

export const pageStyle = String.raw`
:root {
  --paper: light-dark(#faf9f6, #161817); --card: light-dark(#fff, #1f2221); --ink: light-dark(#1d2321, #e9ebe8);
  --dim: light-dark(#5d6663, #9aa5a1); --line: light-dark(#dfe0da, #343a38); --accent: light-dark(#1f5b52, #7fd1c1);
  --on-accent: light-dark(#fff, #10201d); --soft: light-dark(#e8f0ed, #22332f); --mark: light-dark(#fbe7a8, #66551c);
  --warn: light-dark(#9a4b12, #f0a96b); color-scheme: light dark;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; min-height: 100dvh; display: flex; flex-direction: column; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
header, main, #ask { width: 100%; max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding-top: 1rem; padding-bottom: 1rem; }
h1 { font-size: 1.05rem; letter-spacing: .01em; margin: 0; display: flex; align-items: center; gap: .55rem; }
.mark { width: 1.1rem; height: 1.1rem; border-radius: .3rem; background: linear-gradient(135deg, var(--accent) 55%, #e0b64d 55%); }
#who { display: flex; flex-wrap: wrap; gap: .75rem; font-size: .9rem; color: var(--dim); }
input:not([type=radio]), select { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .25rem .5rem; max-width: 16rem; }
main { flex: 1; padding-bottom: 2rem; }
#welcome { padding: 12vh 0 0; }
#welcome h2 { font-size: clamp(1.8rem, 6vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em; margin: 0 0 .75rem; font-weight: 650; }
#welcome p { color: var(--dim); max-width: 34rem; margin: 0 0 1.5rem; }
#examples { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem; }
button { font: inherit; cursor: pointer; border-radius: .6rem; border: 1px solid transparent; padding: .4rem .9rem; background: var(--accent); color: var(--on-accent); }
button:disabled { opacity: .5; cursor: default; }
#examples button { background: var(--card); color: var(--ink); border-color: var(--line); text-align: start; }
#examples button:hover { border-color: var(--accent); }
.quiet { white-space: nowrap; font-size: .88rem; background: none; color: var(--dim); border-color: transparent; }
.quiet:hover { color: var(--ink); background: var(--soft); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.dim { color: var(--dim); font-size: .85rem; }
article { padding: 1.25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
/* Room below the newest question, so that it can stand on top and nothing hides behind the box. */
article:last-child { border-bottom: 0; min-height: 62dvh; }
article h3 { font-size: 1.05rem; margin: 0 0 .6rem; }
article h3 small { font-weight: 400; color: var(--dim); font-size: .8rem; margin-inline-start: .4rem; }
.text { margin: 0 0 .75rem; font-size: 1.05rem; }
.text > span { transition: opacity .2s; }
.provisional { opacity: .55; }
.none { text-decoration: underline wavy var(--warn) 1px; text-underline-offset: .25em; }
.cite { font-size: .72rem; line-height: 1.3; padding: 0 .38em; margin-inline-start: .2em; vertical-align: .35em; border-radius: .4em; background: var(--soft); color: var(--accent); min-width: 1.5em; }
.cite:hover { background: var(--accent); color: var(--on-accent); }
.support { font-size: .72rem; color: var(--dim); margin-inline: .3em .2em; white-space: nowrap; }
.support::before { content: ''; display: inline-block; width: .5em; height: .5em; border-radius: 50%; margin-inline-end: .35em; background: var(--accent); }
.support.lexical::before { background: none; border: 2px solid var(--accent); }
.support.model::before { background: #c9982b; }
.support.none::before { background: var(--warn); }
.support.none { text-decoration: none; }
.sources, .hits { list-style: none; padding: 0; margin: 0 0 .6rem; display: grid; gap: .4rem; }
.sources button, .hits button { width: 100%; text-align: start; background: var(--card); color: var(--ink); border-color: var(--line); display: block; padding: .5rem .75rem; font-size: .9rem; }
.sources button:hover, .hits button:hover { border-color: var(--accent); }
.sources b, .hits b { font-weight: 600; }
.hits span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; color: var(--dim); }
.abstained .text, .failed .text { border-inline-start: 3px solid var(--warn); padding-inline-start: .9rem; }
.waiting::after { content: ''; display: inline-block; width: .6em; height: 1em; vertical-align: -.15em; background: var(--accent); animation: blink 1s steps(2) infinite; }
@keyframes blink { 50% { opacity: 0; } }
#ask { position: sticky; bottom: 0; padding-bottom: max(1rem, env(safe-area-inset-bottom)); background: linear-gradient(transparent, var(--paper) 1.2rem); padding-top: 1rem; }
.box { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: .75rem .75rem .6rem 1rem; box-shadow: 0 4px 24px rgb(0 0 0 / .06); }
.box:has(textarea:focus) { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent), 0 4px 24px rgb(0 0 0 / .06); }
textarea { width: 100%; border: 0; padding: 0; resize: none; background: none; color: inherit; font: inherit; font-size: 1.05rem; field-sizing: content; max-height: 10rem; }
textarea:focus-visible { outline: 0; }
.row { display: flex; gap: .5rem; align-items: center; justify-content: flex-end; }
fieldset { border: 0; margin: 0 auto 0 -.4rem; padding: 0; display: flex; flex: none; font-size: .88rem; }
fieldset input { position: absolute; opacity: 0; }
fieldset span { padding: .2rem .7rem; border-radius: .5rem; color: var(--dim); cursor: pointer; display: block; }
fieldset :checked + span { background: var(--soft); color: var(--accent); }
fieldset :focus-visible + span { outline: 2px solid var(--accent); }
dialog { border: 1px solid var(--line); border-radius: 1rem; background: var(--card); color: var(--ink); width: min(42rem, calc(100vw - 2rem)); max-height: 80dvh; padding: 1.25rem 1.5rem; }
dialog::backdrop { background: rgb(0 0 0 / .4); }
dialog form { float: inline-end; }
dialog h2 { margin: 0; font-size: 1.15rem; }
dialog p { margin: .2rem 0 .8rem; overflow-wrap: anywhere; }
blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 55dvh; overflow: auto; }
mark { background: var(--mark); color: inherit; border-radius: .2em; padding: .05em .1em; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
`

export const pageScript = String.raw`
'use strict'
const $ = (id) => document.getElementById(id)
const settings = JSON.parse($('settings').textContent)
const feature = settings.features.includes('answers') ? 'answers' : settings.features[0] || 'answers'
const supports = { quoted: 'quoted', lexical: 'wording checked', model: 'model-checked', none: 'unsupported' }
let conversation = newId()
let running = null

function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** All text enters the page here, and only as text. */
function make(name, className, text, ...children) {
  const element = document.createElement(name)
  if (className) element.className = className
  if (text !== undefined) element.textContent = text
  element.append(...children)
  return element
}

function headers(more) {
  const sent = Object.assign({}, more)
  const key = $('key').value.trim()
  const user = $('user-list').hidden ? $('user-name').value.trim() : $('user-list').value
  if (key) sent.authorization = 'Bearer ' + key
  // Header values are bytes: the name travels as UTF-8.
  if (user) sent['touchstone-user'] = String.fromCharCode(...new TextEncoder().encode(user))
  return sent
}

async function request(path, body, signal) {
  const options = body
    ? { method: 'POST', headers: headers({ 'content-type': 'application/json' }), body: JSON.stringify(body), signal }
    : { headers: headers(), signal }
  const response = await fetch(path, options)
  if (response.ok) return response
  const problem = await response.json().catch(() => ({}))
  if (response.status === 401 && $('user-list').hidden) $('key-field').hidden = false
  throw new Error(problem.detail || 'The server answered ' + response.status + '.')
}

async function loadUsers() {
  const response = await fetch('/v1/principals').catch(() => null)
  const users = response && response.ok ? (await response.json()).items.filter((item) => item.kind === 'user' && !item.disabled) : []
  $('user-list').hidden = users.length === 0
  $('user-name').hidden = users.length > 0
  $('key-field').hidden = Boolean(response && response.ok)
  for (const user of users) {
    const option = make('option', '', user.name === user.id ? user.id : user.name + ' (' + user.id + ')')
    option.value = user.id
    $('user-list').append(option)
  }
}

async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const blocks = (text + value).split('\n\n')
    text = blocks.pop()
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)
      const data = /^data: (.*)$/m.exec(block)
      if (name && data) yield { name: name[1], data: JSON.parse(data[1]) }
    }
  }
}

function placeOf(citation) {
  const place = [citation.document]
  if (citation.attachment) place.push(citation.attachment)
  if (citation.page) place.push('page ' + citation.page)
  if (citation.slide) place.push('slide ' + citation.slide)
  if (citation.sheet) place.push(citation.sheet + '!' + citation.cells)
  return place.join(' · ')
}

async function showSource(citation) {
  const quote = citation.quote === undefined ? citation.text : citation.quote
  $('source-title').textContent = citation.title
  $('source-place').textContent = placeOf(citation)
  $('source-text').replaceChildren(make('mark', '', quote))
  $('source').showModal()
  const path = '/v1/documents/' + encodeURIComponent(citation.document) + '/versions/' + encodeURIComponent(citation.version) + '/text'
  const text = await request(path).then((response) => response.text()).catch(() => null)
  if (text === null || text.slice(citation.start, citation.end) !== quote) return
  const from = Math.max(0, citation.start - 1500)
  const to = Math.min(text.length, citation.end + 1500)
  const mark = make('mark', '', quote)
  $('source-text').replaceChildren(
    (from > 0 ? '… ' : '') + text.slice(from, citation.start), mark, text.slice(citation.end, to) + (to < text.length ? ' …' : ''))
  mark.scrollIntoView({ block: 'center' })
}

/** One answer on the page: sentences as they come, numbered sources below. */
function answerView(article) {
  const text = make('p', 'text waiting')
  const list = make('ol', 'sources')
  const foot = make('p', 'dim')
  const numbers = new Map()
  const sentences = new Map()
  article.append(text, list, foot)
  article.setAttribute('aria-busy', 'true')

  function numberOf(citation) {
    const key = JSON.stringify([citation.document, citation.start, citation.end])
    if (!numbers.has(key)) {
      numbers.set(key, numbers.size + 1)
      const button = make('button', '', undefined,
        make('b', '', numbers.size + '  ' + citation.title), make('div', 'dim', placeOf(citation)))
      button.type = 'button'
      button.onclick = () => showSource(citation)
      list.append(make('li', '', undefined, button))
    }
    return numbers.get(key)
  }

  function fill(sentence, provisional) {
    const holder = sentences.get(sentence.index) || make('span')
    if (!sentences.has(sentence.index)) {
      sentences.set(sentence.index, holder)
      text.append(holder)
    }
    const words = make('span', (provisional ? 'provisional ' : '') + (sentence.support === 'none' ? 'none' : ''), sentence.text)
    const cites = sentence.citations.map((citation) => {
      const number = numberOf(citation)
      const button = make('button', 'cite', String(number))
      button.type = 'button'
      button.setAttribute('aria-label', 'Source ' + number + ': ' + citation.title)
      button.onclick = () => showSource(citation)
      return button
    })
    const support = make('span', 'support ' + sentence.support, provisional ? 'checking' : supports[sentence.support] || sentence.support)
    holder.replaceChildren(words, ...cites, ' ', support, ' ')
  }

  function finish(answer) {
    if (answer.abstained) {
      article.classList.add('abstained')
      const abstention = answer.abstention
      const searched = abstention
        ? ' Searched ' + abstention.searched.documents + ' documents in ' + (abstention.searched.sources.join(', ') || 'no source') + '.' +
          (abstention.contact ? ' Ask ' + abstention.contact + '.' : '')
        : ''
      text.replaceChildren(answer.text || 'Nothing that you may read answers this.')
      list.replaceChildren()
      foot.textContent = searched
    } else {
      numbers.clear()
      list.replaceChildren()
      sentences.clear()
      text.replaceChildren()
      answer.sentences.forEach((sentence, index) => fill(Object.assign({ index }, sentence), false))
    }
    const total = answer.timingsMs.total === undefined
      ? Object.values(answer.timingsMs).reduce((sum, ms) => sum + ms, 0) : answer.timingsMs.total
    const stages = Object.entries(answer.timingsMs).filter(([name]) => name !== 'total')
    foot.append((foot.textContent ? ' ' : '') + Math.round(total) + ' ms · release ' + answer.release.slice(0, 8) + ' · trace ' + answer.id)
    foot.title = stages.map(([name, ms]) => name + ' ' + Math.round(ms) + ' ms').join(', ')
  }

  return {
    on: ({ name, data }) => {
      if (name === 'sentence') fill(data, data.provisional)
      if (name === 'confirm') fill(data, false)
      if (name === 'retract' && sentences.has(data.index)) sentences.get(data.index).remove()
      if (name === 'done') finish(data)
      if (name === 'error') throw new Error(data.detail)
    },
    end: () => {
      text.classList.remove('waiting')
      article.setAttribute('aria-busy', 'false')
    },
  }
}

async function ask(question, article, signal) {
  const view = answerView(article)
  try {
    const path = '/v1/features/' + encodeURIComponent(feature) + '/answer'
    const response = await request(path, { question, conversation, stream: true }, signal)
    for await (const event of readEvents(response)) view.on(event)
  } finally {
    view.end()
  }
}

async function search(query, article, signal) {
  const response = await request('/v1/features/' + encodeURIComponent(feature) + '/search', { query }, signal)
  const { items } = await response.json()
  const list = make('ol', 'hits')
  for (const hit of items) {
    const button = make('button', '', undefined, make('b', '', hit.title), make('div', 'dim', placeOf(hit)), make('span', '', hit.text))
    button.type = 'button'
    button.onclick = () => showSource(hit)
    list.append(make('li', '', undefined, button))
  }
  article.append(items.length ? list : make('p', 'text', 'Nothing that you may read matches.'))
}

async function submit(question) {
  if (running) running.abort()
  const mine = (running = new AbortController())
  const mode = document.querySelector('[name=mode]:checked').value
  const user = $('user-list').hidden ? $('user-name').value : $('user-list').value
  const article = make('article', '', undefined, make('h3', '', question, make('small', '', user)))
  $('welcome').hidden = true
  $('fresh').hidden = false
  $('thread').append(article)
  article.scrollIntoView({ block: 'start', behavior: 'smooth' })
  $('question').value = ''
  try {
    await (mode === 'search' ? search : ask)(question, article, mine.signal)
  } catch (error) {
    if (mine.signal.aborted) return
    article.classList.add('failed')
    article.append(make('p', 'text', error.message))
  } finally {
    if (running === mine) running = null
  }
}

function startOver() {
  if (running) running.abort()
  conversation = newId()
  $('thread').replaceChildren()
  $('welcome').hidden = false
  $('fresh').hidden = true
  $('question').focus()
}

$('ask').onsubmit = (event) => {
  event.preventDefault()
  const question = $('question').value.trim()
  if (question) submit(question)
}
$('question').onkeydown = (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault()
    $('ask').requestSubmit()
  }
}
for (const radio of document.querySelectorAll('[name=mode]')) {
  radio.onchange = () => { $('send').textContent = radio.value === 'search' ? 'Search' : 'Ask' }
}
$('who').onsubmit = (event) => event.preventDefault()
$('fresh').onclick = startOver
// A conversation belongs to one person.
$('user-list').onchange = $('user-name').onchange = $('key').onchange = startOver
for (const example of settings.examples) {
  const button = make('button', '', example)
  button.type = 'button'
  button.onclick = () => submit(example)
  $('examples').append(make('li', '', undefined, button))
}
loadUsers()
$('question').focus()
`
