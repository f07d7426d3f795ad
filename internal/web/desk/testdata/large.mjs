// Opens a large text in Chromium, scrolls it from end to end, and prints how long
// that took: {rows, usable, opened, task, scrolled}, in ms by the page's own clock,
// from the begin of the navigation: what drives the browser asks through the page's
// busy thread, and would count its own waiting. Usable is the first frame in which
// the first segment is there and keys work; opened is the second frame after all
// segments are there.
import { createRequire } from 'node:module';

const [readers, chromium, address] = process.argv.slice(2);
const require = createRequire(readers + '/');
const { chromium: browserType } = require('playwright-core');

const browser = await browserType.launch({ executablePath: chromium, args: ['--no-sandbox'] });
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
await page.goto(new URL('/desk/', address).href);
await page.waitForTimeout(1000); // the browser is warm, and has ended its own beginning
await page.addInitScript(() => {
  globalThis.tasks = [];
  new PerformanceObserver(l => tasks.push(...l.getEntries().map(e => e.duration))).observe({ type: 'longtask', buffered: true });
  globalThis.seen = {};
  const look = () => {
    if (!seen.usable && document.querySelector('#main[data-ready]') && document.querySelector('#s1')) seen.usable = performance.now();
    if (document.readyState !== 'complete') requestAnimationFrame(look);
    else requestAnimationFrame(() => requestAnimationFrame(() => { seen.opened = performance.now(); }));
  };
  requestAnimationFrame(look);
});
await page.goto(address, { waitUntil: 'commit' });
await page.waitForSelector('#main[data-ready]');
await page.keyboard.press('j');
await page.waitForFunction(() => document.activeElement.id === 's1');
await page.waitForFunction(() => seen.opened);
const { usable, opened } = await page.evaluate(() => seen);
const rows = await page.evaluate(() => document.querySelectorAll('#script li').length);
await page.evaluate(() => { tasks.length = 0; });
const start = performance.now();
await page.evaluate(async () => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  for (let y = 0; y < document.documentElement.scrollHeight - innerHeight; y += innerHeight * 2) { scrollTo(0, y); await frame(); }
  scrollTo(0, document.documentElement.scrollHeight);
  await frame();
});
const task = await page.evaluate(() => Math.max(0, ...tasks));
console.log(JSON.stringify({ rows, usable, opened, task, scrolled: performance.now() - start }));
await browser.close();
