// Opens a large text in Chromium, scrolls it from end to end, and prints how long
// that took: {rows, usable, opened, task, scrolled}, in ms. Usable is when the first
// screen is laid out and a key has chosen a segment; opened is when all segments are
// there and laid out.
import { createRequire } from 'node:module';

const [readers, chromium, address] = process.argv.slice(2);
const require = createRequire(readers + '/');
const { chromium: browserType } = require('playwright-core');

const browser = await browserType.launch({ executablePath: chromium, args: ['--no-sandbox'] });
const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
await page.goto(new URL('/desk/', address).href); // the browser is warm
await page.addInitScript(() => {
  globalThis.tasks = [];
  new PerformanceObserver(l => tasks.push(...l.getEntries().map(e => e.duration))).observe({ type: 'longtask', buffered: true });
});
const began = performance.now();
await page.goto(address, { waitUntil: 'commit' });
await page.waitForSelector('#main[data-ready]');
await page.keyboard.press('j');
await page.waitForFunction(() => document.activeElement.id === 's1');
await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
const usable = performance.now() - began;
await page.waitForLoadState('load');
await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
const opened = performance.now() - began;
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
