// A producer's story in Chromium: a text is opened and heard, a name is mended, a
// sentence is taken again, the episode is made and let out. It prints a line of
// JSON for each thing that it looked for.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const [readers, chromium, address, endpoint, pictures] = process.argv.slice(2);
const require = createRequire(readers + '/');
const { chromium: browserType } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core'), 'utf8');

const told = (name, ok, detail = '') => console.log(JSON.stringify({ name, ok: !!ok, detail: String(detail) }));
const browser = await browserType.launch({ executablePath: chromium, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--mute-audio'] });
const asked = new Set(), faults = [];
const open = async (at, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce', bypassCSP: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.on('request', r => r.url().startsWith('data:') || asked.add(r.url()));
  page.on('pageerror', e => faults.push(e.message));
  page.on('console', m => m.type() === 'error' && faults.push(m.text()));
  await page.goto(address + at);
  return page;
};
const requests = async () => (await (await fetch(new URL('/stats', endpoint))).json()).requests;
const until = async (name, page, f, arg) => {
  try { await page.waitForFunction(f, arg); told(name, true); }
  catch { told(name, false, await page.evaluate(() => document.getElementById('told')?.textContent + ' | ' + location.href)); }
};
const heard = () => { const s = document.getElementById('sound'); return s.currentTime > 0.2; };
const still = page => page.evaluate(() => { const s = document.getElementById('sound'); s.pause(); s.currentTime = 0; });
const accessible = async (name, page) => {
  const list = await page.evaluate(source => { (0, eval)(source); return axe.run(); }, axe)
    .then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | ')));
  told(name, list.length === 0, list.join('\n'));
};
const narrow = async (name, page) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  told(name, wide <= 0, wide + ' px too wide');
};
const picture = async (page, name) => {
  if (pictures) await page.screenshot({ path: `${pictures}/desk-${name}.png`, animations: 'disabled' });
};

// The list, and a text that nothing was made of yet.
const page = await open('/desk/');
await until('a text is listed that is not made yet', page, () => document.querySelector('tr[data-source="posts/bridge.md"] .state')?.textContent === 'not made yet');
await accessible('the list is accessible', page);
await page.click('a[aria-label="Script of A letter on the bridge"]'); // by its title, though nothing was made of it
await until('the text stands beside what is said', page, () => {
  const row = [...document.querySelectorAll('#script li')].find(li => li.children[0].textContent.includes('Szilard'));
  return row && row.children[1].textContent.includes('nineteen thirty-three') && row.querySelector('p:first-child mark')?.textContent === '1933';
});
told('nothing is stored', await page.evaluate(() => document.querySelectorAll('#script li.stored').length) === 0);

// A segment is heard.
let before = await requests();
const row = await page.evaluate(() => [...document.querySelectorAll('#script li')].find(li => li.textContent.includes('Szilard')).id);
await page.click(`#${row} p:nth-child(2)`);
await page.click('#play');
await until('a segment is heard', page, heard);
told('for one request', await requests() === before + 1, await requests() - before);
await still(page);
await until('it is stored', page, id => document.getElementById(id).classList.contains('stored'), row);
await until('its wave is drawn', page, () => { const i = document.querySelector('#wave img'); return !i.hidden && i.complete && i.naturalWidth > 0; });
before = await requests();
await page.click('#play');
await until('it is heard again', page, heard);
told('for nothing', await requests() === before, await requests() - before);
await still(page);
await accessible('the script desk is accessible', page);
await picture(page, 'script');

// A name is said wrong: it is selected, respelled, heard in context, kept.
await page.evaluate(id => {
  const walk = document.createTreeWalker(document.querySelector(`#${id} p:first-child`), NodeFilter.SHOW_TEXT);
  for (let n; (n = walk.nextNode());) {
    const at = n.data.indexOf('Szilard');
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(n, at);
    range.setEnd(n, at + 7);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    n.parentElement.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    return;
  }
}, row);
told('the selected word is in the form', await page.inputValue('#w-word') === 'Szilard', await page.inputValue('#w-word'));
await page.fill('#w-say', 'SILL-ard');
before = await requests();
await page.click('#hear');
await until('the word is heard as it is to sound', page, heard);
told('for exactly one request', await requests() === before + 1, await requests() - before);
told('in context', await page.evaluate(() => document.getElementById('main').dataset.heard.split(' ').length === 3));
await picture(page, 'word');
await still(page);
before = await requests();
await page.click('#keep');
await until('the segment says it', page, id => document.querySelector(`#${id} p:nth-child(2)`).textContent.includes('SILL-ard') && document.getElementById(id).classList.contains('stored'), row);
told('keeping it costs nothing', await requests() === before, await requests() - before);
await until('what is kept is in the form, and can be forgotten', page, () => document.getElementById('w-say').value === 'SILL-ard' && !document.getElementById('forget').hidden);
await page.click('#said');
await until('where else it was said is told', page, () => document.getElementById('elsewhere').textContent.includes('No finished episode'));
await page.fill('#w-word', 'Szilart');
await page.fill('#w-say', 'SILL-art');
await page.click('#keep');
await until('a word that is not there is not kept', page, () => document.getElementById('told').textContent.includes('not in this segment'));
await page.fill('#w-word', 'Szilard');
await page.fill('#w-say', 'ˈsɪlɑːrd');
await page.click('#hear');
await until('phonetic signs are refused where no endpoint takes them', page, () => document.getElementById('told').textContent.includes('takes no phonetic signs'));

// The sentence before it is taken again, and changed.
await page.keyboard.press('Escape');
await page.click('#shut');
const first = 's' + (+row.slice(1) - 1);
await page.click(`#${first} p:nth-child(2)`);
await page.click('#play');
await until('the segment before it is heard', page, heard);
await still(page);
before = await requests();
await page.click('#retake');
await until('a retake is heard', page, id => document.getElementById(id).dataset.t === '1' && document.getElementById('sound').currentTime > 0.1, first);
told('a retake is one request', await requests() === before + 1, await requests() - before);
await still(page);
await until('both takes are offered', page, () => document.querySelectorAll('#takes button').length === 2);
before = await requests();
await page.click('#takes button:first-child');
await until('the first take is chosen again', page, id => !document.getElementById(id).dataset.t, first);
told('for nothing, too', await requests() === before, await requests() - before);
await still(page);
await page.fill('#e-say', 'Nobody had expected an answer that evening.');
await page.fill('#e-pause', '1.2');
await page.click('#edit button[type=submit]');
await until('another text is written down', page, id => {
  const li = document.getElementById(id);
  return li.classList.contains('edited') && li.children[1].textContent === 'Nobody had expected an answer that evening.' && li.dataset.p === '1.2' && document.getElementById('plan').textContent.includes('1 edit');
}, first);
await page.click(`#${row} p:nth-child(2)`);
await page.fill('#c-title', 'The idea');
await page.click('#begin');
await until('a chapter begins where it was told to', page, id => document.getElementById(id)?.closest('section').querySelector('h2')?.textContent === 'The idea', row);

// What is typed for a segment waits for it while another one is chosen.
await page.fill('#e-say', 'These words are not saved yet.');
await page.click(`#${first} p:nth-child(2)`);
told('another segment has its own words', await page.inputValue('#e-say') === 'Nobody had expected an answer that evening.', await page.inputValue('#e-say'));
told('what is not saved is marked', await page.evaluate(() => [...document.querySelectorAll('.unsaved')].map(li => li.id).join()) === row, row);
await page.click('#play'); // rows are exchanged meanwhile
await until('another segment is heard meanwhile', page, heard);
await still(page);
await page.click(`#${row} p:nth-child(2)`);
told('what was typed is there again', await page.inputValue('#e-say') === 'These words are not saved yet.' && await page.evaluate(id => document.getElementById(id).classList.contains('unsaved'), row), await page.inputValue('#e-say'));
await page.fill('#e-say', await page.textContent(`#${row} p:nth-child(2)`));
told('words as they were are nothing to save', await page.evaluate(() => !document.querySelector('.unsaved')));

// What the page is without a script, and on a telephone.
const plain = await open('/desk/the-river/script?source=posts/bridge.md', { javaScriptEnabled: false });
told('it is read without scripts', (await plain.textContent('#script')).includes('SILL-ard'));
const small = await open('/desk/the-river/script?source=posts/bridge.md#s2', { viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
await until('it opens at a segment', small, () => document.getElementById('s2').classList.contains('on'));
await narrow('it fits 320 px', small);
await accessible('it is accessible, dark and narrow', small);

// Keys.
await page.keyboard.press('Escape');
await page.evaluate(() => document.querySelector('#script li').click());
await page.keyboard.press('j');
told('j is the next', await page.evaluate(() => document.activeElement.id === 's2'), await page.evaluate(() => document.activeElement.outerHTML.slice(0, 80)));
await page.keyboard.press('k');
told('k is the one before', await page.evaluate(() => document.activeElement.id === 's1'));
await page.keyboard.press('e');
told('e is the text', await page.evaluate(() => document.activeElement.id === 'e-say'));
await page.keyboard.press('Escape');
told('Escape is the list', await page.evaluate(() => document.activeElement.id === 's1'));

// The episode is made, held, and let out. Playwright asks for the feed: it tries
// all that localhost is, where Node 18 tries the first alone, which may be ::1.
const feed = async () => (await page.request.get(address + '/feed.xml')).text();
await page.click('#make button');
await page.waitForSelector('#made a', { timeout: 60000 }).catch(() => {});
told('the episode is made', (await page.textContent('#made')).includes('held by the gate'), await page.textContent('#made') + await page.textContent('#told'));
await page.click('#made a');
await until('the gate says why it is held', page, () => document.querySelector('.v-hold') && document.querySelector('strong.bad')?.textContent === 'held');
await accessible('the release page is accessible', page);
await picture(page, 'release');
told('it is not in the feed', !(await feed()).includes('A letter on the bridge'));
await page.fill('#note', 'It is short on purpose.');
await page.click('text="Approve"');
await until('it is released', page, () => document.querySelector('strong.good')?.textContent === 'released');
told('the feed is written', !await page.$('.bad[role=alert]'), await page.evaluate(() => document.querySelector('.bad[role=alert]')?.textContent));
told('it is in the feed', (await feed()).includes('A letter on the bridge'));
await page.fill('#why', 'The date is wrong.');
await page.click('text="Send back"');
await until('it is sent back', page, () => document.querySelector('strong.warn')?.textContent.includes('The date is wrong.'));
told('it is out of the feed', !(await feed()).includes('A letter on the bridge'));
await page.click('text="Put it back into the feed"');
await until('it is back', page, () => document.querySelector('strong.good')?.textContent === 'released');

// In an episode that is out a name is mended, everywhere it was said.
await page.goto(address + '/desk/the-river/script?source=posts/bridge.md');
await page.evaluate(() => [...document.querySelectorAll('#script li')].find(li => li.textContent.includes('Noether')).click());
await page.fill('#w-word', 'Noether');
await page.fill('#w-say', 'NUR-ter');
await page.click('#said');
await until('the back catalogue is searched', page, () => document.querySelector('#elsewhere a')?.textContent === 'A letter on the bridge');
await page.check('#word input[value=episode]');
await page.click('#hear');
await until('it is heard', page, heard);
await still(page);
await page.click('#keep');
await until('it is kept for the episode', page, () => document.getElementById('script').textContent.includes('NUR-ter'));

// The list says what has changed, and the words of the show have a page.
await page.goto(address + '/desk/the-river/');
await until('the list says that the text has changed since', page, () => document.querySelector('tr[data-source="posts/bridge.md"] .state').textContent.includes('changed since it was made'));
await accessible('the list of what is made is accessible', page);
await picture(page, 'episodes');
await page.click('nav >> text="Words"');
await until('a word of the show is listed, with its place', page, () => [...document.querySelectorAll('tbody tr')].some(tr => tr.textContent.includes('SILL-ard') && /^lexicon\.yaml:\d+$/.test(tr.cells[2].textContent)));
await accessible('the words are accessible', page);
await page.click('button[aria-label="Hear Szilard"]');
await until('a word is heard by a voice', page, heard);
await page.click('a[aria-label="Where Szilard was said"]');
await until('where it was said is told, and what mending costs', page, () => document.querySelector('main section a')?.textContent === 'A letter on the bridge' && document.querySelector('main section').textContent.includes('USD'));
await accessible('where a word was said is accessible', page);
await picture(page, 'words');

// Voices side by side, music under voices, runs.
await page.goto(address + '/desk/the-river/audition');
await page.click('button[aria-label="Hear second"]');
await until('a voice is auditioned', page, heard);
await accessible('the audition is accessible', page);
await picture(page, 'audition');
await page.goto(address + '/desk/the-river/joints');
await page.locator('input[name="tracks.intro.overlap"]').fill('3');
await until('the joint is heard when a slider was moved', page, () => document.getElementById('main').dataset.heard?.startsWith('intro') && document.getElementById('sound').currentTime > 0.2);
await accessible('the joints are accessible', page);
await picture(page, 'joints');
await page.click('text="Keep these settings"');
await until('settings are kept', page, () => document.querySelector('p.good')?.textContent.includes('from now on'));
await page.goto(address + '/desk/the-river/runs');
await page.click('text="Start"');
await until('a run is begun', page, () => document.body.textContent.includes('looks through the sources'));
await accessible('the runs are accessible', page);
await picture(page, 'runs');
for (const at of ['', 'lexicon', 'lexicon?word=Szilard', 'audition', 'joints', 'runs', 'release/bridge']) {
  await small.goto(address + '/desk/the-river/' + at);
  await narrow(`/${at} fits 320 px`, small);
}

const own = new URL(address).origin;
const foreign = [...asked].filter(u => !u.startsWith(own + '/') && !u.startsWith('blob:' + own));
told('nothing is asked of anybody else', foreign.length === 0, foreign.join(' '));
const failed = faults.filter(f => !f.includes('status of 422')); // what was refused on purpose
told('no script failed', failed.length === 0, failed.join('\n'));
await browser.close();
