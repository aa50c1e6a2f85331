// Every page: accessible in light and dark, wide and narrow; one heading, the skip link first, nothing that overflows.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Keyfob } from '../support/keyfob.mjs';
import { BARE_PAGES, PAGES } from '../support/pages.mjs';
import { expect, test } from '../support/test.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.describe.configure({ timeout: 90_000 });

const WIDTHS = [1280, 390];
const NARROWEST = 320;

/** Rules about colours; all others find the same in the dark. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** What axe finds on the page as it stands, in words. */
async function violations(page, rules) {
  await page.evaluate(`window.axe || (() => { ${axe} })()`);
  const found = await page.evaluate(values => globalThis.axe.run(document, {
    resultTypes: ['violations'],
    runOnly: values ? { type: 'rule', values } : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }), rules);
  return found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} (${node.failureSummary})`));
}

async function looksRight(page, name) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const found = await violations(page, colorScheme === 'dark' ? COLOURS : undefined);
      expect.soft(found, `${name}, ${colorScheme}, ${width} px`).toEqual([]);
    }
  }
  for (const width of [...WIDTHS, NARROWEST]) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect.soft(over, `${name}: too wide for ${width} px`).toBe(0);
  }
  await page.setViewportSize({ width: WIDTHS[0], height: 900 });
}

/** Skip link first on Tab, one heading of the first level; `+ Request access` for those who are signed in. */
async function holdsForAll(page, name, signedIn) {
  await expect.soft(page.getByRole('heading', { level: 1, includeHidden: true }), `${name}: headings`).toHaveCount(1);
  await expect.soft(page, `${name}: a title`).toHaveTitle(/.+ · Keyfob$/);
  if (signedIn) {
    await expect.soft(page.locator('.topbar a[href="/request"]'), name).toBeVisible();
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

/** Each person's pages, some at a time. */
const AT_A_TIME = 8;
for (const who of new Set(PAGES.map(page => page.who))) {
  const theirs = PAGES.filter(page => page.who === who);
  for (let first = 0; first < theirs.length; first += AT_A_TIME) {
    const pages = theirs.slice(first, first + AT_A_TIME);
    // S0-17, S2-36, S3-38
    test(`the pages of ${who} from "${pages[0].name}" on are accessible in light and dark, wide and narrow`, async ({ as }) => {
      const page = await as(who);
      for (const { name, go, held } of pages) {
        await test.step(name, async () => {
          await go(page);
          await holdsForAll(page, name, true);
          await looksRight(page, name);
          // Where something was pressed before, the keyboard goes on from there.
          if (!held) await skipLinkIsFirst(page, name);
        });
      }
    });
  }
}

test('the pages before signing in are accessible in light and dark, wide and narrow', async ({ visit, keyfob }) => {
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
