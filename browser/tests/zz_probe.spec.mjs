import { test, expect, SUPER_ADMIN } from '../support/test.mjs';
import { PAGES } from '../support/pages.mjs';
import { mkdirSync } from 'node:fs';
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
for (const half of [0, 1]) test(`shots ${half}`, async ({ as }) => {
  test.setTimeout(300000);
  let i = 0;
  for (const { name, who, go } of PAGES) {
    i++;
    if (i % 2 !== half || !only.test(name)) continue;
    const page = await as(who);
    try { await go(page); } catch (e) { console.log('FAILED', name, String(e).slice(0, 400)); continue; }
    for (const scheme of ['light', 'dark']) for (const [w, h] of [[1280, 900], [390, 844]]) {
      await page.setViewportSize({ width: w, height: h });
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (over > 0) console.log('OVERFLOW', name, w, over);
      await page.screenshot({ path: `/tmp/bt/shots/${String(i).padStart(2, '0')}-${name.replace(/[^a-z]+/gi, '-')}-${scheme}-${w}.png`, fullPage: true });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }
});
