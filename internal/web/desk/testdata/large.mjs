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
  // A frame is asked for only when there is something to see in it: to look in each, as
  // the driver does that waits for something, would have them drawn for that alone.
  const framed = () => new Promise(done => requestAnimationFrame(() => done(performance.now())));
  globalThis.usable = new Promise(done => {
    const looks = setInterval(() => {
      if (!document.querySelector('#main[data-ready]') || !document.querySelector('#s1')) return;
      clearInterval(looks);
      done(framed());
    }, 4);
  });
  globalThis.opened = new Promise(done => addEventListener('load', () => done(framed().then(framed))));
});
await page.goto(address, { waitUntil: 'commit' });
const usable = await page.evaluate(() => globalThis.usable);
await page.keyboard.press('j');
const opened = await page.evaluate(() => globalThis.opened);
await page.waitForFunction(() => document.activeElement.id === 's1');
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
