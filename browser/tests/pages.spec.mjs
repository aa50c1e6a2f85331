// Every page: accessible in light and dark, wide and narrow; one heading, the skip link first, nothing that overflows.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { Keyfob } from '../support/keyfob.mjs';
import { BARE_PAGES, PAGES } from '../support/pages.mjs';
import { expect, test } from '../support/test.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const SIZES = [{ width: 1280, height: 900 }, { width: 390, height: 844 }, { width: 320, height: 700 }];
const SCHEMES = ['light', 'dark'];

/** What axe finds on the page as it stands, in words. */
async function violations(page) {
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const found = await page.evaluate(() => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} (${node.failureSummary})`));
}

async function looksRight(page, name) {
  for (const colorScheme of SCHEMES) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(size);
      const where = `${name}, ${colorScheme}, ${size.width} px`;
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(over, `${where}: wider than the window`).toBe(0);
      // Colours do not change with the width below the first step, so the narrowest one is only measured.
      if (size.width > 320) expect.soft(await violations(page), where).toEqual([]);
    }
  }
  await page.setViewportSize(SIZES[0]);
}

/** Skip link first on Tab, one heading of the first level; `+ Request access` for those who are signed in. */
async function holdsForAll(page, name, signedIn) {
  await expect.soft(page.getByRole('heading', { level: 1, includeHidden: true }), `${name}: headings`).toHaveCount(1);
  await expect.soft(page, `${name}: a title`).toHaveTitle(/.+ · Keyfob$/);
  if (signedIn) {
    await expect.soft(page.getByRole('banner').getByRole('link', { name: 'Request access' }), name).toBeVisible();
  }
}

async function skipLinkIsFirst(page, name) {
  await page.evaluate(() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); scrollTo(0, 0); });
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to main content' });
  await expect.soft(skip, name).toBeFocused();
  await expect.soft(skip, name).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect.soft(page.locator('#main'), name).toBeFocused();
}

/** Each person's pages in a test of their own. */
const people = [...new Set(PAGES.map(page => page.who))];
for (const who of people) {
  // S0-17, S2-36, S3-38
  test(`the pages of ${who} are accessible in light and dark, wide and narrow`, async ({ as }) => {
    test.setTimeout(120_000);
    const page = await as(who);
    for (const { name, go, held } of PAGES.filter(one => one.who === who)) {
      await test.step(name, async () => {
        await go(page);
        await holdsForAll(page, name, !held);
        await looksRight(page, name);
        if (!held) await skipLinkIsFirst(page, name);
      });
    }
  });
}

test('the pages before signing in are accessible in light and dark, wide and narrow', async ({ visit, keyfob }) => {
  test.setTimeout(120_000);
  const page = await visit();
  for (const { name, go } of BARE_PAGES) {
    await test.step(name, async () => {
      await go(page, keyfob);
      await holdsForAll(page, name, false);
      await looksRight(page, name);
      await skipLinkIsFirst(page, name);
    });
  }
});

test('the pages of a real installation before anybody is there are accessible, too', async ({ visit }) => {
  const keyfob = await Keyfob.serve();
  try {
    const page = await visit({ baseURL: keyfob.url });
    await page.goto('/login?next=/tasks');
    await holdsForAll(page, 'sign-in', false);
    await looksRight(page, 'sign-in');
    await page.goto(keyfob.log.match(/^Set Keyfob up at (\S+)/m)[1]);
    await holdsForAll(page, 'set-up', false);
    await looksRight(page, 'set-up');
  } finally {
    await keyfob.stop();
  }
});

test.describe('when nothing can be put in place', () => {
  test.use({ settings: { KEYFOB__SIM__REFUSE_EVERY: '1' } });

  // S2-28, S2-29
  test('the page that says so is accessible', async ({ as }) => {
    const page = await as('Kofi Mensah');
    const failing = page.locator('#stats').getByText('Not in place');
    await expect(async () => {
      await page.goto('/requests/KF-7');
      await expect(failing.or(page.locator('#stats').getByText('Waiting for the app admin'))).toBeVisible({ timeout: 500 });
    }).toPass();
    await holdsForAll(page, 'failing', true);
    await looksRight(page, 'failing');
  });
});
