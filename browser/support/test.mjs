// What every test begins with: a company of its own, people to be, and an eye on everything that goes wrong unseen.
import { test as base, expect } from '@playwright/test';
import { Keyfob, createDatabase } from './keyfob.mjs';

export { expect };

/** People of the sample company, by what they do in the tests. */
export const EMPLOYEE = 'Ines Duarte';
export const MANAGER = 'Tomasz Wilk';
export const GITHUB_ADMIN = 'Priya Raman';
export const OTHER_GITHUB_ADMIN = 'Leo Bergström';
export const SUPER_ADMIN = 'Lin Chow';
export const HELPDESK = 'Jamal Winters';
export const COORDINATOR = 'Paula Reyes';
export const AUDITOR = 'Elif Kaya';
export const STRANGER = 'Amara Nwosu';

/** What a page may say in the console: a browser reports every answer of 400 and more there. */
const EXPECTED = /^Failed to load resource: the server responded with a status of 4\d\d/;

export const test = base.extend({
  /** `sqlite` or `postgres`. */
  database: ['sqlite', { option: true }],

  /** Settings of the server, as its environment names them. */
  settings: [{}, { option: true }],

  /** The sample company, fresh for each test. */
  keyfob: async ({ database, settings }, use) => {
    const made = database === 'postgres' ? await createDatabase() : undefined;
    const keyfob = await Keyfob.demo({ database: made?.url, settings });
    await use(keyfob);
    await keyfob.stop();
    await made?.drop();
    expect(keyfob.log, 'nothing broke in the server').not.toMatch(/ERROR|panicked/);
  },

  /** Opens a browser of its own that is signed in nowhere yet. */
  visit: async ({ browser, contextOptions, viewport, javaScriptEnabled, keyfob }, use) => {
    const contexts = [];
    const complaints = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({
        ...contextOptions, viewport, javaScriptEnabled, baseURL: keyfob.url, ...options,
      });
      contexts.push(context);
      context.on('weberror', error => complaints.push(String(error.error())));
      context.on('console', message => {
        if (message.type() === 'error' && !EXPECTED.test(message.text())) complaints.push(message.text());
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      return page;
    });
    for (const context of contexts) await context.close();
    expect(complaints, 'no script failed and nothing broke the content security policy').toEqual([]);
  },

  /** Opens a browser and signs in as somebody by the click that a person makes. */
  as: async ({ visit }, use) => {
    const pages = new Map();
    await use(async (name, options) => {
      if (pages.has(name) && !options) return pages.get(name);
      const page = await visit(options);
      await signIn(page, name);
      pages.set(name, page);
      return page;
    });
  },
});

/** Signs in on the demo's page. */
export async function signIn(page, name, next = '/') {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  await page.getByRole('button', { name }).last().click();
  await expect(page.getByRole('button', { name: `Account menu for ${name}` })).toBeVisible();
}
