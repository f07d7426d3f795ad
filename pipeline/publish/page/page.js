(() => {
  'use strict';
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const words = data.words, cues = data.cues, chapters = data.chapters, root = document.documentElement;
  const audio = $('audio'), position = $('position'), play = $('play'), follow = $('follow'), status = $('status');
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const clock = t => {
    t = Math.max(0, Math.floor(t));
    const two = n => String(n).padStart(2, '0'), h = Math.floor(t / 3600), m = Math.floor(t / 60) % 60;
    return (h ? h + ':' + two(m) : m) + ':' + two(t % 60);
  };
  const store = { // private windows have none
    get: k => { try { return localStorage.getItem('narrapress ' + k) } catch { return null } },
    set: (k, v) => { try { localStorage.setItem('narrapress ' + k, v) } catch { /* not kept */ } },
  };

  const heard = 'at ' + data.show + ' ' + data.id; // no other show's of this site, and no setting

  // Sentences, by segment: a segment may have several places.
  const places = new Map(), order = [];
  for (const e of document.querySelectorAll('.s')) {
    const n = +e.dataset.s;
    if (places.has(n)) places.get(n).push(e); else places.set(n, [e]);
  }
  const startOf = new Map(); // segment → where its first cue begins
  for (const [n, start] of cues) if (!startOf.has(n)) { startOf.set(n, start); if (places.has(n)) order.push(n); }

  // The last of a sorted list that begins at t or before it; -1 before the first.
  const at = (list, t, of) => {
    let lo = 0, hi = list.length;
    while (lo < hi) { const mid = (lo + hi) >> 1; if (of(list[mid]) <= t) lo = mid + 1; else hi = mid; }
    return lo - 1;
  };
  const links = [...document.querySelectorAll('.chapters a')];

  let lit = 0, chapter = -1, second = -1, focused = null, saved = -1, wanted = -1, shown = -1;
  const time = () => wanted >= 0 ? wanted : audio.currentTime;
  const silence = 1.5; // seconds that a sentence stays lit behind its end
  const cueAt = t => {
    const i = at(cues, t + 0.02, c => c[1]);
    return i >= 0 && t < cues[i][2] + silence ? i : -1;
  };
  const segmentOf = i => i < 0 ? 0 : cues[i][0];
  const spokenAt = t => segmentOf(cueAt(t));

  // Inside of a segment: its sentences, and its words where their times are
  // known, as [start, from, to] in the text of its places.
  const unfold = (i, list) => {
    const parts = [];
    let start = Math.round(cues[i][1] * 1000), to = 0;
    for (let k = 0; k < (list || []).length; k += 3) {
      const from = to + list[k + 1];
      start += list[k];
      to = from + list[k + 2];
      parts.push([start / 1000, from, to]);
    }
    return parts;
  };
  const ranges = (n, [, from, to]) => { // one a text: between its places others stand
    const out = [];
    let at = 0;
    for (const e of places.get(n) || []) {
      for (let walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), text; at < to && (text = walk.nextNode()); at += text.length) {
        if (at + text.length <= from) continue;
        const r = new Range();
        r.setStart(text, Math.max(0, from - at));
        r.setEnd(text, Math.min(text.length, to - at));
        out.push(r);
      }
    }
    return out;
  };
  const finer = !!(window.Highlight && window.CSS && CSS.highlights);
  const inside = ['sentence', 'word'].map((name, k) => {
    if (!finer) return null;
    const light = new Highlight();
    light.priority = k;
    CSS.highlights.set(name, light);
    return { light, parts: [], shown: -1 };
  });
  let cue = -1;
  // shine lights what is spoken at t of the i-th cue; it gives the ranges of a
  // sentence that was not lit before.
  const shine = (i, t) => {
    let fresh = null;
    if (!finer) return fresh;
    if (i !== cue) {
      cue = i;
      for (const [k, part] of inside.entries()) {
        part.parts = i < 0 ? [] : unfold(i, cues[i][3 + k]);
        part.shown = -1;
        part.light.clear();
      }
      if (inside[0].parts.length) for (const e of places.get(cues[i][0]) || []) e.classList.add('parts');
    }
    for (const [k, part] of inside.entries()) {
      const p = at(part.parts, t + 0.02, p => p[0]);
      if (p === part.shown) continue;
      part.shown = p;
      part.light.clear();
      const list = p < 0 ? [] : ranges(cues[i][0], part.parts[p]);
      for (const r of list) part.light.add(r);
      if (k === 0) fresh = list;
    }
    return fresh;
  };

  const stop = e => { if (e) { e.removeAttribute('tabindex') } };
  const reach = e => { if (e && e !== focused) { stop(focused); e.tabIndex = 0; focused = e; } };
  const show = n => {
    for (const e of places.get(lit) || []) { e.classList.remove('now', 'parts'); e.removeAttribute('aria-current'); }
    lit = n;
    const es = places.get(n) || [];
    for (const e of es) { e.classList.add('now'); e.setAttribute('aria-current', 'true'); }
    if (es.length) reach(es[0]);
    return es[0];
  };
  const scrollTo = e => {
    for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
    e.scrollIntoView({ block: 'center', behavior: calm.matches ? 'auto' : 'smooth' });
  };

  const update = () => {
    const t = time(), i = cueAt(t), n = segmentOf(i);
    if (n !== lit) {
      const e = show(n);
      if (e && following && !audio.paused) scrollTo(e);
    }
    const sentence = shine(i, t);
    if (sentence && sentence.length && following && !audio.paused) { // of a segment that is longer than the window
      const r = sentence[0].getBoundingClientRect();
      if (r.height && (r.top < 0 || r.top > innerHeight * 0.75)) scrollBy({ top: r.top - innerHeight * 0.35, behavior: calm.matches ? 'auto' : 'smooth' });
    }
    const part = data.length ? Math.min(1, t / data.length) : 0;
    if (Math.abs(part - shown) > 0.0004) { shown = part; $('wave').style.setProperty('--p', part * 100 + '%'); }
    if (Math.floor(t) === second) return;
    second = Math.floor(t);
    $('now').textContent = clock(t);
    position.value = second;
    position.setAttribute('aria-valuetext', words.of.replace('{now}', clock(t)).replace('{all}', clock(data.length)));
    const c = at(chapters, t + 0.02, c => c[0]);
    if (c !== chapter) {
      if (links[chapter]) links[chapter].removeAttribute('aria-current');
      if (links[c]) links[c].setAttribute('aria-current', 'true');
      chapter = c;
      $('chapter').textContent = c >= 0 ? chapters[c][1] : '';
    }
    if (Math.abs(second - saved) >= 5) { saved = second; store.set(heard, second > data.length - 5 ? 0 : second); }
  };
  const frame = () => { update(); if (!audio.paused) requestAnimationFrame(frame); };

  const seek = t => {
    t = Math.min(Math.max(0, t), Math.max(0, data.length - 0.1));
    second = -1;
    if (audio.readyState > 0) { audio.currentTime = t; wanted = -1; } else { wanted = t; audio.load(); }
    update();
  };
  const start = () => { const p = audio.play(); if (p) p.catch(() => {}); };
  const toggle = () => { if (audio.paused) start(); else audio.pause(); };
  audio.addEventListener('loadedmetadata', () => { if (wanted >= 0) { audio.currentTime = wanted; wanted = -1; } });
  audio.addEventListener('play', () => { root.classList.add('playing'); play.setAttribute('aria-label', words.pause); frame(); });
  audio.addEventListener('pause', () => { root.classList.remove('playing'); play.setAttribute('aria-label', words.play); saved = -1; second = -1; update(); });
  for (const e of ['timeupdate', 'seeked']) audio.addEventListener(e, update);
  audio.addEventListener('ended', () => store.set(heard, 0));

  // To follow what is spoken, until the reader scrolls.
  let following = true;
  const setFollow = on => {
    if (on === following) return;
    following = on;
    follow.setAttribute('aria-pressed', on);
    const e = (places.get(lit) || [])[0];
    if (on && e) scrollTo(e);
  };
  follow.addEventListener('click', () => setFollow(!following));
  for (const e of ['wheel', 'touchmove']) addEventListener(e, e => { if (!e.target.closest('.player, .chapters')) setFollow(false) }, { passive: true });
  addEventListener('pointerdown', e => { if (e.target === root) setFollow(false) }); // on the scroll bar

  // To hear a sentence.
  const hear = (n, t = startOf.get(n)) => { if (startOf.has(n)) { seek(t); start(); } };
  const pointed = (n, x, y) => { // when the sentence at a point is heard
    const i = cues.findIndex(c => c[0] === n), parts = i < 0 ? [] : unfold(i, cues[i][3]);
    const caret = document.caretPositionFromPoint ? document.caretPositionFromPoint(x, y) : document.caretRangeFromPoint && document.caretRangeFromPoint(x, y);
    const node = caret && (caret.offsetNode || caret.startContainer);
    if (!parts.length || !node) return undefined;
    let at = 0;
    for (const e of places.get(n)) {
      for (let walk = document.createTreeWalker(e, NodeFilter.SHOW_TEXT), text; (text = walk.nextNode()); at += text.length) {
        if (text !== node) continue;
        const here = at + (caret.offsetNode ? caret.offset : caret.startOffset);
        return (parts.findLast(p => p[1] <= here) || parts[0])[0];
      }
    }
    return undefined;
  };
  document.addEventListener('click', e => {
    const s = e.target.closest('.s'), link = e.target.closest('.chapters a');
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      e.preventDefault();
      seek(+link.dataset.t); start(); setFollow(true);
    } else if (s && !e.target.closest('a, summary, button') && getSelection().isCollapsed) {
      hear(+s.dataset.s, pointed(+s.dataset.s, e.clientX, e.clientY));
    }
  });
  const step = by => {
    const t = time();
    let i = at(order, t + 0.02, n => startOf.get(n)) + by;
    if (by < 0 && i + 1 >= 0 && t - startOf.get(order[i + 1]) > 2) i++; // to its own beginning first
    const n = order[Math.min(Math.max(i, 0), order.length - 1)];
    if (n === undefined) return;
    seek(startOf.get(n));
    const e = places.get(n)[0];
    reach(e);
    e.focus({ preventScroll: true });
    scrollTo(e);
  };

  const usekeys = $('usekeys');
  usekeys.checked = store.get('keys') !== 'off';
  usekeys.addEventListener('change', () => store.set('keys', usekeys.checked ? 'on' : 'off'));
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
    const s = e.target.closest('.s');
    if (e.key === 'Enter' && s && e.target === s) { e.preventDefault(); hear(+s.dataset.s); return; }
    if (['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown'].includes(e.key) && !e.target.closest('input, select')) setFollow(false);
    if (!usekeys.checked || e.target.closest('input, select, textarea')) return;
    const own = e.target.closest('a, button, summary'), aside = e.target.closest('pre, .table');
    const does = {
      ' ': () => !own && (toggle(), true),
      ArrowLeft: () => !aside && (seek(time() - 15), true),
      ArrowRight: () => !aside && (seek(time() + 15), true),
      j: () => (step(1), true), k: () => (step(-1), true),
      f: () => (setFollow(!following), true),
    }[e.key];
    if (does && does()) e.preventDefault();
  });

  play.addEventListener('click', toggle);
  $('back').addEventListener('click', () => seek(time() - 15));
  $('on').addEventListener('click', () => seek(time() + 15));
  position.addEventListener('input', () => seek(+position.value));
  const speed = $('speed');
  const setSpeed = v => { audio.defaultPlaybackRate = audio.playbackRate = +v; };
  const kept = store.get('speed');
  if ([...speed.options].some(o => o.value === kept)) { speed.value = kept; setSpeed(kept); }
  speed.addEventListener('change', () => { setSpeed(speed.value); store.set('speed', speed.value); });
  $('link').addEventListener('click', async () => {
    const hash = '#t=' + Math.floor(time());
    history.replaceState(null, '', hash);
    status.textContent = '';
    try { await navigator.clipboard.writeText(location.href); status.textContent = words.copied; } catch { status.textContent = words.inAddress; }
  });

  // Links to a time: #t=123, #t=1h2m3s, #t=1:02:03; to a sentence: #s12.
  const timeIn = hash => {
    const v = (/^#(?:.*&)?t=([^&,]+)/.exec(hash) || [])[1];
    if (v) {
      const hms = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(v);
      if (hms) return (+hms[1] || 0) * 3600 + (+hms[2] || 0) * 60 + (+hms[3] || 0);
      if (/^\d+(:\d+){1,2}(\.\d+)?$/.test(v)) return v.split(':').reduce((a, b) => a * 60 + +b, 0);
    }
    const s = /^#s(\d+)$/.exec(hash);
    return s && startOf.has(+s[1]) ? startOf.get(+s[1]) : -1;
  };
  const open = () => {
    const t = timeIn(location.hash);
    if (t < 0) return false;
    seek(t);
    const e = (places.get(spokenAt(t)) || [])[0];
    if (e) scrollTo(e);
    return true;
  };
  addEventListener('hashchange', open);

  if ('mediaSession' in navigator) {
    navigator.mediaSession.metadata = new MediaMetadata({ title: data.title, artist: data.author, album: data.show });
    for (const [name, f] of Object.entries({
      play: start, pause: () => audio.pause(), seekbackward: () => seek(time() - 15), seekforward: () => seek(time() + 15),
      seekto: d => seek(d.seekTime), previoustrack: () => chapters.length && seek(chapters[Math.max(0, chapter - 1)][0]),
      nexttrack: () => chapters[chapter + 1] && seek(chapters[chapter + 1][0]),
    })) { try { navigator.mediaSession.setActionHandler(name, f) } catch { /* not known here */ } }
  }

  root.classList.add('live');
  audio.removeAttribute('controls');
  $('controls').hidden = false;
  $('keys').hidden = false;
  reach((places.get(order[0]) || [])[0]);
  if (!open()) { const last = +store.get(heard); if (last > 0 && last < data.length) seek(last); else update(); }
})();
