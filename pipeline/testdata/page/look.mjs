// Looks at an episode's page in Chromium, as a listener does. It prints a line
// of JSON for each thing that it looked for.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [readers, chromium, address, folder, pictures] = process.argv.slice(2);
const require = createRequire(readers + '/');
const { chromium: browserType } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core'), 'utf8');

const told = (name, ok, detail = '') => console.log(JSON.stringify({ name, ok: !!ok, detail: String(detail) }));
const browser = await browserType.launch({ executablePath: chromium, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--mute-audio'] });
const asked = new Set(), faults = [];
const open = async (options, at = '', url = address) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  page.on('request', r => r.url().startsWith('data:') || asked.add(r.url()));
  page.on('pageerror', e => faults.push(e.message));
  page.on('console', m => m.type() === 'error' && faults.push(m.text()));
  await page.goto(url + at);
  return page;
};
const time = page => page.evaluate(() => document.getElementById('audio').currentTime);
const until = async (name, page, f, arg) => {
  try { await page.waitForFunction(f, arg); told(name, true); }
  catch { told(name, false, JSON.stringify(await page.evaluate(() => ({ t: audio.currentTime, ready: audio.readyState, now: document.querySelector('.now')?.textContent, hash: location.hash })))); }
};
const accessible = async (name, page) => {
  const list = await page.evaluate(source => { (0, eval)(source); return axe.run(); }, axe)
    .then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).join(' | ')));
  told(name, list.length === 0, list.join('\n'));
};
const picture = async (page, name) => {
  if (pictures) await page.screenshot({ path: `${pictures}/page-${name}.png`, animations: 'disabled' });
};
const near = (t, want) => Math.abs(t - want) < 0.6;

const page = await open({ viewport: { width: 1180, height: 820 }, colorScheme: 'light', bypassCSP: true, reducedMotion: 'reduce' });
const cues = await page.evaluate(() => JSON.parse(document.getElementById('data').textContent).cues);
const spoken = await page.evaluate(() => [...new Set([...document.querySelectorAll('main .s')].map(e => +e.dataset.s))]);
const startOf = n => cues.find(c => c[0] === n)[1];
await until('sound is there', page, () => audio.readyState > 0);
await page.click('#play');
await until('it plays', page, () => audio.currentTime > 0.3 && document.documentElement.classList.contains('playing'));
await until('the spoken sentence is lit', page, () => document.querySelector('.s.now[aria-current=true]'));

// A segment of several sentences: one of them is lit, and another one as it is heard.
const lights = name => [...CSS.highlights.get(name)].map(r => r.toString()).join('');
await page.evaluate('globalThis.lights = ' + lights);
const several = cues.find(c => c[3] && c[3].length > 3 && spoken.includes(c[0]));
await page.evaluate(t => { audio.pause(); location.hash = '#t=' + t; }, several[1] + 0.01);
await until('the first sentence of a segment is lit', page, n => {
  const whole = [...document.querySelectorAll(`.s[data-s="${n}"]`)].map(e => e.textContent).join(''), lit = lights('sentence');
  return lit && lit.length < whole.length && whole.startsWith(lit) && document.querySelector(`.s[data-s="${n}"]`).classList.contains('parts');
}, several[0]);
await page.evaluate(t => { location.hash = '#t=' + t; }, several[1] + several[3].filter((_, k) => k % 3 === 0).reduce((a, b) => a + b) / 1000 + 0.05);
await until('the last sentence of a segment is lit', page, n => {
  const whole = [...document.querySelectorAll(`.s[data-s="${n}"]`)].map(e => e.textContent).join(''), lit = lights('sentence');
  return lit && lit.length < whole.length && whole.endsWith(lit);
}, several[0]);
await page.evaluate(n => { // a click on it
  const r = [...CSS.highlights.get('sentence')].at(-1), at = r.getClientRects()[0];
  document.getElementById('s' + n).dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: at.left + 3, clientY: at.top + at.height / 2 }));
}, several[0]);
await until('a click on a later sentence plays that', page, t => !audio.paused && audio.currentTime > t, several[1] + several[3][3] / 1000 - 0.05);

const late = spoken[spoken.length - 2];
await page.locator('#position').fill(String(Math.ceil(startOf(late)) + 1));
await until('the slider seeks', page, t => audio.currentTime >= t, Math.ceil(startOf(late)));
await until('the page follows', page, n => {
  const r = document.getElementById('s' + n).getBoundingClientRect();
  return document.getElementById('s' + n).classList.contains('now') && r.top >= 0 && r.bottom <= innerHeight;
}, late);
await page.mouse.move(500, 300);
await page.mouse.wheel(0, -400);
await until('it lets a reader scroll', page, () => document.getElementById('follow').getAttribute('aria-pressed') === 'false');
const early = spoken[3];
await page.locator('#s' + early).click({ position: { x: 4, y: 8 } });
await until('a sentence is heard by a click', page, t => Math.abs(audio.currentTime - t) < 1.5 && !audio.paused, startOf(early));
await page.keyboard.press('j');
await until('j goes to the next sentence', page, n => document.activeElement.id === 's' + n && document.activeElement.classList.contains('now'), spoken[4]);
await page.keyboard.press(' ');
await until('the space bar pauses', page, () => audio.paused);
const before = await time(page);
await page.keyboard.press('ArrowRight');
told('an arrow goes forward', near(await time(page), before + 15), await time(page) - before);
await page.keyboard.press('k');
const focused = await page.evaluate(() => +document.activeElement.dataset.s);
await page.keyboard.press('Enter');
await until('a sentence is heard by Enter', page, t => !audio.paused && Math.abs(audio.currentTime - t) < 1.5, startOf(focused));
await page.selectOption('#speed', '1.5');
told('speed', await page.evaluate(() => audio.playbackRate) === 1.5);
await page.click('.chapters a >> nth=2');
await until('a chapter is current', page, () => document.querySelectorAll('.chapters a')[2].getAttribute('aria-current') === 'true');
await page.keyboard.press('f');
await page.evaluate(() => { audio.pause(); location.hash = '#t=0m9s'; });
await until('a link to a time', page, () => Math.abs(audio.currentTime - 9) < 0.1);
await page.evaluate(n => { location.hash = '#s' + n; }, late);
await until('a link to a sentence', page, ([n, t]) => Math.abs(audio.currentTime - t) < 0.1 && document.getElementById('s' + n).classList.contains('now'), [late, startOf(late)]);
await page.evaluate(() => { history.replaceState(null, '', location.pathname); });
await page.waitForTimeout(100);
const left = await time(page);
await page.reload();
await until('the place is remembered', page, t => Math.abs(audio.currentTime - t) < 1.1, left);

// Of sound that is already loaded: the picture shows a sentence in the middle.
const middle = cues.findLast(c => c[3] && c[3].length > 3 && spoken.includes(c[0]));
await page.evaluate(t => { location.hash = '#t=' + t; }, middle[1] + middle[3][3] / 1000 + 0.5);
await until('a sentence in the middle', page, n => document.getElementById('s' + n).classList.contains('now'), middle[0]);
const show = n => { document.activeElement.blur(); document.getElementById('s' + n).scrollIntoView({ block: 'center' }); };
await page.selectOption('#speed', '1');
await page.evaluate(show, middle[0]);
await accessible('axe, light', page);
await picture(page, 'desktop-light');
await page.emulateMedia({ colorScheme: 'dark' });
await accessible('axe, dark', page);
await picture(page, 'desktop-dark');
await page.setViewportSize({ width: 390, height: 800 });
await page.evaluate(show, middle[0]);
await picture(page, 'phone-dark');
await page.emulateMedia({ colorScheme: 'light' });
await picture(page, 'phone-light');
await page.setViewportSize({ width: 320, height: 640 });
const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
told('no scroll bar at 320 px', wide <= 320, wide);
await accessible('axe, 320 px', page);
await page.context().close();

// The report beside it: it is opened from the disk, and asks for nothing.
const report = await open({ viewport: { width: 1180, height: 1500 }, colorScheme: 'light' }, '', pathToFileURL(folder.replace(/[^/]*$/, 'report.html')).href);
await report.waitForLoadState();
if (pictures) await report.screenshot({ path: `${pictures}/report-desktop-light.png`, animations: 'disabled' });
await report.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
await accessible('report: axe, light', report);
await report.emulateMedia({ colorScheme: 'dark' });
await accessible('report: axe, dark', report);
await report.setViewportSize({ width: 320, height: 640 });
const reported = await report.evaluate(() => document.scrollingElement.scrollWidth);
told('report: no scroll bar at 320 px', reported <= 320, reported);
await accessible('report: axe, 320 px', report);
told('report: pictures', await report.locator('figure svg[role=img][aria-label]').count() >= 3);
await report.context().close();

const strict = await open({}, '#t=12');
await until('a link to a time, opened', strict, () => Math.abs(audio.currentTime - 12) < 0.1 && document.querySelector('.now'));
await strict.context().close();
const beyond = [...asked].filter(u => u.split('#')[0] !== address && !u.endsWith('/report.html') && u !== address.replace(/\.html$/, '.mp3'));
told('no request beyond the page and its sound', beyond.length === 0, beyond);
told('no fault in the console', faults.length === 0, faults.join('\n'));

const bare = await open({ javaScriptEnabled: false });
told('sound without a script', await bare.locator('audio[controls]').isVisible());
told('text without a script', (await bare.locator('main').innerText()).includes('Nobody lives at the point now.'));
told('chapters without a script', await bare.locator('.chapters a[href*=".mp3#t="]').count() >= 3);
await bare.goto(pathToFileURL(folder).href);
told('opened from the disk', await bare.evaluate(() => new Promise(r => { const a = document.querySelector('audio'); if (a.readyState) r(true); a.onloadedmetadata = () => r(true); a.onerror = () => r(false); setTimeout(() => r(false), 8000); })));
await browser.close();
