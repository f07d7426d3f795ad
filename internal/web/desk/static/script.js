// The script of a document: it is chosen, heard and changed segment by segment.
import { tell, post, get, busy, listen } from './desk.js';

const $ = id => document.getElementById(id);
const main = $('main');

// This is there before the text is read, and goes on as soon as its first row comes.
await new Promise(done => {
  const look = () => { if ($('script')) { comes.disconnect(); done(); } };
  const comes = new MutationObserver(look);
  comes.observe(main, { childList: true });
  look();
});

const list = $('script'), panel = $('panel'), sound = $('sound'), word = $('word'), edit = $('edit'), mark = $('mark');
const root = main.dataset.root, ask = { source: main.dataset.source, part: main.dataset.part };
const query = more => new URLSearchParams({ ...ask, ...more });
let chosen = null; // the row
let finish = null; // ends what is heard

// The page is worked with while the rows of a long text still come; whole is when
// they are all there.
const whole = document.readyState === 'loading' ? new Promise(done => document.addEventListener('DOMContentLoaded', done, { once: true })) : Promise.resolve();
const drawn = whole.then(() => new Promise(done => (globalThis.requestIdleCallback ?? setTimeout)(done))); // what can wait comes after it

const number = row => +row.id.slice(1);
const said = row => row.children[1].textContent; // between what was written and what is known
const about = row => ({ ...ask, segment: number(row), was: said(row) });
const rowAt = n => $('s' + n);
const beside = (row, by) => rowAt(number(row) + by);
const takeOf = row => root + row.querySelector('a').getAttribute('href');

// --- choosing ---

function choose(row, { focus = true, show = true } = {}) {
  if (!row) return;
  if (chosen !== row) {
    chosen?.classList.remove('on');
    chosen?.removeAttribute('aria-current');
    chosen?.removeAttribute('tabindex');
  }
  chosen = row;
  row.classList.add('on');
  row.setAttribute('aria-current', 'true');
  row.tabIndex = 0;
  if (focus) row.focus({ preventScroll: true });
  if (show) row.scrollIntoView({ block: 'nearest' });
  fill();
}

function fill() {
  const row = chosen, stored = row.classList.contains('stored');
  panel.hidden = false;
  $('which').textContent = 'Segment ' + number(row);
  const shown = drafts.get(number(row))?.fields ?? fieldsOf(row);
  for (const name in shown) edit[name].value = shown[name];
  $('undo').disabled = !row.classList.contains('edited') && !drafts.has(number(row));
  $('play').textContent = stored ? 'Play' : 'Speak it';
  $('retake').disabled = !stored;
  const picture = $('wave').querySelector('img');
  picture.hidden = !stored;
  if (stored) picture.src = takeOf(row).replace('/take/', '/wave/');
  $('takes').replaceChildren();
  if (stored) takes(row);
  const first = row.closest('section').querySelector('li') === row;
  $('join').disabled = !first || row.closest('section') === list.querySelector('section');
  mark.chapter.value = first ? row.closest('section').querySelector('h2')?.textContent ?? '' : '';
  history.replaceState(null, '', '#' + row.id);
}

// What was typed in the form of a segment and is not saved stays its own, while
// others are chosen, until it is saved or taken back; by the number of its row.
const drafts = new Map();
const fieldsOf = row => ({ say: said(row), role: row.dataset.r ?? 'body', voice: row.dataset.v ?? '', pause: row.dataset.p });
const typed = () => ({ say: edit.say.value, role: edit.role.value, voice: edit.voice.value, pause: edit.pause.value });

edit.oninput = () => {
  const fields = typed(), is = fieldsOf(chosen);
  if (Object.keys(is).some(name => fields[name] !== is[name])) drafts.set(number(chosen), { was: is.say, fields });
  else drafts.delete(number(chosen));
  $('undo').disabled = !chosen.classList.toggle('unsaved', drafts.has(number(chosen))) && !chosen.classList.contains('edited');
};

// anchor finds the rows of what is not saved, where rows have other numbers by now.
// Of a segment that is no longer there, the draft goes too.
function anchor() {
  const all = [...drafts];
  drafts.clear();
  for (const [n, draft] of all) {
    const row = rowAt(n) && said(rowAt(n)) === draft.was ? rowAt(n) : [...list.querySelectorAll('li')].find(li => said(li) === draft.was && !drafts.has(number(li)));
    if (row) drafts.set(number(row), draft);
    row?.classList.add('unsaved');
  }
}

addEventListener('beforeunload', e => { if (drafts.size) e.preventDefault(); });

async function takes(row) {
  const all = await (await get(root + 'takes?' + query({ segment: number(row) }))).json();
  if (chosen !== row || all.length < 2) return;
  $('takes').replaceChildren(...all.map(t => {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = 'Take ' + t.number;
    b.setAttribute('aria-pressed', t.chosen);
    b.onclick = () => busy(b, async () => {
      if (!t.chosen) await change('edit', { take: t.number });
      play(chosen);
    });
    return b;
  }));
}

// --- hearing ---

let generation = 0; // of what is heard: what began in an earlier one does not go on

function stop() {
  generation++;
  finish?.();
  sound.pause();
  list.querySelector('.playing')?.classList.remove('playing');
  $('wave').style.removeProperty('--x');
}

// sounds plays an address to its end: true, or false where it was stopped.
function sounds(address) {
  return new Promise((done, failed) => {
    const over = new AbortController();
    const settle = f => v => { over.abort(); if (finish === quit) finish = null; f(v); };
    const quit = settle(() => done(false));
    finish = quit;
    const on = (type, f) => sound.addEventListener(type, f, { signal: over.signal });
    on('ended', settle(() => done(true)));
    on('error', settle(() => failed(new Error('this sound cannot be played'))));
    on('timeupdate', () => {
      if (sound.duration) $('wave').style.setProperty('--x', Math.min(1, sound.currentTime / sound.duration) * $('wave').clientWidth + 'px');
    });
    sound.src = address;
    sound.play().catch(e => { if (!over.signal.aborted) settle(failed)(e); });
  });
}

const pause = seconds => new Promise(done => {
  const t = setTimeout(() => { finish = null; done(true); }, seconds * 1000);
  finish = () => { clearTimeout(t); finish = null; done(false); };
});

// start begins to play an address, and does not wait for its end.
function start(address, then) {
  sounds(address).catch(e => tell(e.message, true)).finally(then);
}

async function play(row) {
  stop();
  const mine = generation;
  if (!row.classList.contains('stored')) row = await speak(row);
  if (mine === generation) start(takeOf(row));
}

// playFrom plays one segment behind the other, with their pauses; what is not
// spoken yet is spoken when its turn comes.
async function playFrom(row) {
  stop();
  const mine = generation;
  while (row) {
    list.querySelector('.playing')?.classList.remove('playing');
    row.classList.add('playing');
    row.scrollIntoView({ block: 'nearest' });
    if (!row.classList.contains('stored')) row = await speak(row);
    if (mine !== generation || !await sounds(takeOf(row)) || !await pause(+row.dataset.p)) return;
    row.classList.remove('playing');
    row = beside(row, 1);
  }
}

async function hear(answer) {
  const url = URL.createObjectURL(await answer.blob());
  main.dataset.heard = answer.headers.get('Narrapress-Segment') ?? ''; // which, from and to where
  start(url, () => URL.revokeObjectURL(url));
}

async function inContext(row) {
  stop();
  const mine = generation;
  if (!row.classList.contains('stored')) row = await speak(row);
  if (mine === generation) await hear(await get(root + 'excerpt?' + query({ segment: number(row) })));
}

async function speak(row, more = {}) {
  await change('speak', more, row);
  return rowAt(number(row));
}

// --- changing ---

// change sends what is to be done with a segment, and puts the rows that came of it
// in their places.
async function change(what, fields, row = chosen) {
  const answer = await post(root + what, { ...about(row), ...fields });
  await whole;
  take(await answer.text());
}

function take(html) {
  const other = new DOMParser().parseFromString(html, 'text/html');
  for (const id of ['plan', 'findings', 'since']) if ($(id) && other.getElementById(id)) $(id).replaceWith(document.adoptNode(other.getElementById(id)));
  const was = list.querySelectorAll('li').length, now = other.querySelectorAll('#script li').length;
  const heads = d => [...d.querySelectorAll('#script h2')].map(h => h.textContent).join('\n');
  const n = chosen && number(chosen);
  if (was !== now || heads(document) !== heads(other)) {
    list.replaceChildren(...document.adoptNode(other.getElementById('script')).childNodes);
  } else {
    for (const row of other.querySelectorAll('#script li')) {
      const here = rowAt(number(row));
      if (!same(here, row)) here.replaceWith(document.adoptNode(row));
    }
  }
  anchor();
  if (n) { chosen = null; choose(rowAt(Math.min(n, now)), { focus: !panel.contains(document.activeElement), show: false }); }
}

const same = (a, b) => a.innerHTML === b.innerHTML && a.dataset.v === b.dataset.v && a.dataset.r === b.dataset.r
  && a.classList.contains('stored') === b.classList.contains('stored');

// --- words ---

function selected() {
  const s = getSelection();
  const text = s.toString().trim();
  if (!text || text.length > 80 || !s.anchorNode?.parentElement?.closest('#script p:first-child')) return '';
  return text.replace(/[.,;:!?"“”()]+$|^["“(]+/g, '');
}

const wordFields = () => ({ word: word.word.value, say: word.say.value, ipa: word.ipa?.value ?? '', scope: word.scope.value });

word.onsubmit = e => {
  e.preventDefault();
  busy($('hear'), async () => {
    stop();
    performance.mark('word');
    const answer = await post(root + 'word', { ...about(chosen), ...wordFields() });
    performance.measure('heard', 'word');
    await hear(answer);
  });
};

$('keep').onclick = e => busy(e.target, async () => {
  if (!word.reportValidity()) return;
  await change('word', { ...wordFields(), keep: '1' });
  const anew = list.querySelectorAll('li:not(.stored)').length;
  tell(`“${word.word.value}” is kept for the ${word.scope.value}. ${anew ? `${anew} ${anew === 1 ? 'segment' : 'segments'} will be spoken when you make the episode.` : 'Make the episode to have it in there.'}`);
  await unknown();
  await known();
});

$('forget').onclick = e => busy(e.target, async () => {
  await change('word', { word: word.word.value, forget: '1' });
  tell(`“${word.word.value}” is said as it is written again.`);
  await unknown();
  await known();
});

// known fills in how the word is said that stands in the form, where that was kept.
async function known() {
  const is = word.word.value.trim();
  word.say.value = '';
  $('elsewhere').replaceChildren();
  const kept = is ? await (await get(root + 'word?' + query({ word: is }))).json() : {};
  if (word.word.value.trim() !== is || word.say.value) return; // somebody types
  word.say.value = kept.say ?? '';
  if (word.ipa) word.ipa.value = kept.ipa ?? '';
  if (kept.scope) word.scope.value = kept.scope;
  $('forget').hidden = !kept.scope;
}

function mend(text) {
  word.word.value = text;
  return known();
}

word.word.onchange = () => busy(null, known);

$('said').onclick = e => busy(e.target, async () => {
  if (!word.reportValidity()) return;
  const found = await (await get(root + 'said?' + query({ word: word.word.value }))).json();
  const ul = document.createElement('ul');
  for (const ep of found.episodes) {
    const li = document.createElement('li'), a = document.createElement('a');
    a.href = root + 'release/' + encodeURIComponent(ep.slug);
    a.textContent = ep.title;
    li.append(a, ` – ${ep.segments} ${ep.segments === 1 ? 'segment' : 'segments'}, ${ep.cost}: ${ep.example}`);
    ul.append(li);
  }
  $('elsewhere').replaceChildren(found.episodes.length ? `Said in ${found.episodes.length} of the episodes; to speak it anew costs ${found.cost}.` : 'No finished episode has said it.', ul);
});

async function unknown() {
  const box = $('unknown').querySelector('.words');
  if (!$('unknown').open) { box.replaceChildren(); return; }
  const all = await (await get(root + 'words?' + query())).json();
  box.textContent = all.length ? '' : 'None that are known of.';
  $('unknown').querySelector('summary').textContent = `Words that may be said wrong (${all.length})`;
  for (const w of all) {
    const b = document.createElement('button');
    b.type = 'button';
    b.textContent = w.count > 1 ? `${w.word} × ${w.count}` : w.word;
    b.title = w.reason;
    b.onclick = () => {
      choose(rowAt(w.segments[0]), { focus: false });
      busy(null, () => mend(w.word));
      word.say.focus();
    };
    box.append(b);
  }
}

$('unknown').addEventListener('toggle', () => whole.then(() => busy(null, unknown)));
if ($('unknown').open) drawn.then(() => busy(null, unknown));

// --- the panel ---

$('play').onclick = e => sound.paused ? busy(e.target, () => play(chosen)) : stop();
sound.onplay = sound.onpause = () => { if (chosen) $('play').textContent = !sound.paused ? 'Stop' : chosen.classList.contains('stored') ? 'Play' : 'Speak it'; };
$('from').onclick = () => busy(null, () => playFrom(chosen));
$('context').onclick = e => busy(e.target, () => inContext(chosen));
$('retake').onclick = e => busy(e.target, async () => { const row = await speak(chosen, { retake: '1' }); await play(row); });
$('shut').onclick = () => { stop(); panel.hidden = true; chosen?.focus(); };
edit.onsubmit = e => {
  e.preventDefault();
  busy(e.submitter, async () => {
    await decide(chosen, typed());
  });
};

// decide writes down what is to become of a segment, and what was typed for it goes.
async function decide(row, fields) {
  const n = number(row), draft = drafts.get(n);
  drafts.delete(n);
  try { await change('edit', fields, row); } catch (e) {
    if (draft) drafts.set(n, draft);
    throw e;
  }
}

$('skip').onclick = e => busy(e.target, () => decide(chosen, { skip: '1' }));
$('undo').onclick = e => {
  if (chosen.classList.contains('edited')) return busy(e.target, () => decide(chosen, { undo: '1' }));
  drafts.delete(number(chosen)); // nothing else was changed of it
  chosen.classList.remove('unsaved');
  fill();
};
mark.onsubmit = e => {
  e.preventDefault();
  busy($('begin'), async () => {
    if (!mark.chapter.value.trim()) { tell('A chapter has a title.'); mark.chapter.focus(); return; }
    await change('edit', { chapter: mark.chapter.value, join: '' });
  });
};
$('join').onclick = e => busy(e.target, () => change('edit', { join: '1', chapter: '' }));

list.addEventListener('click', e => {
  const row = e.target.closest('li');
  if (!row || e.target.closest('a')) return;
  const text = selected();
  choose(row, { focus: !text, show: false });
  if (text) busy(null, () => mend(text));
});

const keys = {
  j: () => choose(chosen ? beside(chosen, 1) : list.querySelector('li')),
  k: () => choose(chosen ? beside(chosen, -1) : list.querySelector('li')),
  ArrowDown: () => keys.j(),
  ArrowUp: () => keys.k(),
  ' ': () => sound.paused ? busy(null, () => play(chosen)) : stop(),
  Enter: () => busy(null, () => play(chosen)),
  f: () => busy(null, () => playFrom(chosen)),
  c: () => busy(null, () => inContext(chosen)),
  r: () => $('retake').click(),
  e: () => edit.say.focus(),
  w: () => { const text = selected(); if (text) busy(null, () => mend(text)); word.word.focus(); },
  Escape: () => { if (!sound.paused) stop(); else if (panel.contains(document.activeElement)) chosen?.focus(); else $('shut').click(); },
};

document.addEventListener('keydown', e => {
  if (e.key !== 'Escape' && document.activeElement !== document.body && !list.contains(document.activeElement)) return;
  const typing = e.target.closest('input, textarea, select, button, a, summary, audio');
  if (e.ctrlKey || e.metaKey || e.altKey || (typing && e.key !== 'Escape')) return;
  if (!keys[e.key] || (!chosen && !'jk'.includes(e.key))) return;
  e.preventDefault();
  keys[e.key]();
});

// --- the episode ---

$('make').onsubmit = e => {
  e.preventDefault();
  const button = e.submitter, bar = $('bar'), made = $('made');
  busy(button, async () => {
    const { id } = await (await post(root + 'make', ask)).json();
    bar.hidden = false;
    await new Promise(done => listen(root + 'events?id=' + id, ev => {
      if (ev.id !== id) return;
      made.textContent = ev.state;
      bar.value = ev.bar;
      if (!ev.done) return;
      bar.hidden = true;
      if (ev.href) {
        const a = document.createElement('a');
        a.href = ev.href;
        a.textContent = 'Release';
        made.append(' · ', a);
      }
      done();
      return false;
    }));
    take(await (await get(location.pathname + location.search)).text());
  });
};

main.dataset.ready = ''; // keys and buttons work
if (location.hash.startsWith('#s')) {
  const n = +location.hash.slice(2);
  if (!rowAt(n)) await whole;
  choose(rowAt(n), { focus: false });
}
