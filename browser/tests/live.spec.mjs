// Pages that keep themselves up to date while they are looked at.
import { EMPLOYEE, MANAGER, SUPER_ADMIN, expect, test } from '../support/test.mjs';
import { approve, ask, moveOn, stat, step } from '../support/acts.mjs';

/** A mark that a page loses when it is loaded again. */
const mark = page => page.evaluate(() => { window.marked = true; });
const isMarked = page => page.evaluate(() => window.marked === true);

/** The page's stream, once it is open. */
const opened = page => page.waitForResponse(response => response.url().endsWith('/events'));

/** As if another tab were in front. */
const setVisibility = (page, state) => page.evaluate(to => {
  Object.defineProperty(document, 'visibilityState', { value: to, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}, state);

// S3-26, S3-30, S3-32
test('an open page follows the request from the first approval to the end of the access, without being loaded again', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  const filed = await ask(employee, 'looker/access', '', '7 days');
  const app = await employee.context().newPage();
  await Promise.all([opened(app), app.goto('/apps/looker')]);
  await Promise.all([opened(employee), employee.goto(`/requests/${filed}`)]);
  for (const page of [employee, app]) await mark(page);
  await employee.getByLabel('Add a comment').fill('I am still writing');
  await approve(await as(MANAGER), filed);
  await expect(step(employee, 'Manager')).toContainText('approved');
  await expect(stat(employee, 'Fulfilment')).toContainText('Granted');
  await expect(employee.getByLabel('Add a comment')).toHaveValue('I am still writing');
  await expect(employee.getByLabel('Add a comment')).toBeFocused();
  await expect(app.getByRole('row').filter({ hasText: 'Basic access' })).toContainText('You have it');
  const clock = await as(SUPER_ADMIN);
  await moveOn(clock, '+7 days', 2);
  await expect(stat(employee, 'Access')).toContainText('Removed');
  await expect(app.getByRole('link', { name: 'Request Basic access' })).toBeVisible();
  for (const page of [employee, app]) expect(await isMarked(page)).toBe(true);
});

test('the button becomes "View request" on every open page of the app', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  const app = await employee.context().newPage();
  await Promise.all([opened(app), app.goto('/apps/github')]);
  await mark(app);
  await ask(employee, 'github/write');
  await expect(app.getByRole('link', { name: 'View request for Write Access' })).toBeVisible();
  expect(await isMarked(app)).toBe(true);
});

test('counts and lists of those who are asked grow by themselves', async ({ as }) => {
  const [manager, admin] = [await as(MANAGER), await as(SUPER_ADMIN)];
  await Promise.all([opened(manager), manager.goto('/tasks')]);
  await Promise.all([opened(admin), admin.goto('/admin/tickets')]);
  const request = await ask(await as(EMPLOYEE), 'github/write');
  await expect(manager.locator('.tile.task').filter({ hasText: request })).toBeVisible();
  await expect(manager.getByRole('link', { name: 'Tasks, 2 open' })).toBeVisible();
  await expect(admin.locator('#tickets').getByText(request)).toBeVisible();
});

test('a page that nobody sees closes its stream, and catches up when it is seen again', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  const [stream] = await Promise.all([opened(employee), employee.goto('/requests/KF-17')]);
  const ended = employee.waitForEvent('requestfailed', request => request === stream.request());
  await setVisibility(employee, 'hidden');
  await ended;
  await approve(await as('Sana Haddad'), 'KF-17');
  await expect(stat(employee, 'Approval')).toContainText('Waiting for approval');
  await Promise.all([opened(employee), setVisibility(employee, 'visible')]);
  await expect(stat(employee, 'Approval')).toContainText('Approved');
});

test('stopping the server ends the streams at once', async ({ as, keyfob }) => {
  const employee = await as(EMPLOYEE);
  const [stream] = await Promise.all([opened(employee), employee.goto('/')]);
  const closed = employee.waitForEvent('requestfinished', request => request === stream.request());
  const failed = employee.waitForEvent('requestfailed', request => request === stream.request());
  const began = Date.now();
  await keyfob.end();
  expect(Date.now() - began, 'well before connections are cut').toBeLessThan(8_000);
  await Promise.race([closed.catch(() => failed), failed.catch(() => closed)]);
  await employee.goto('about:blank');
});
