// Who sees what, and who may do what: roles, other people's requests, lists, marks and counts.
import {
  AUDITOR, COORDINATOR, EMPLOYEE, GITHUB_ADMIN, HELPDESK, MANAGER, STRANGER, SUPER_ADMIN, expect, test,
} from '../support/test.mjs';
import { approve, ask, stat } from '../support/acts.mjs';

// S2-1
test('who has no role gets 403 in the admin area and no way there', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await expect(page.getByText('Administration')).toHaveCount(0);
  for (const path of ['/admin/tickets', '/admin/requests/new']) {
    expect((await page.goto(path)).status()).toBe(403);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Not allowed');
    await expect(page.getByRole('link', { name: 'Request access' })).toBeVisible();
  }
  const headers = { origin: new URL(page.url()).origin };
  expect((await page.request.post('/admin/requests/new', { headers, form: { do: 'submit' } })).status()).toBe(403);
});

// S2-8, S2-9
test('each role gets the admin pages that are its own', async ({ as }) => {
  const may = {
    [HELPDESK]: [200, 200], [COORDINATOR]: [200, 200], [SUPER_ADMIN]: [200, 200],
    [AUDITOR]: [200, 403], [GITHUB_ADMIN]: [200, 403], [MANAGER]: [403, 403],
  };
  for (const [who, [tickets, requests]] of Object.entries(may)) {
    const page = await as(who);
    await expect(page.getByRole('link', { name: 'Tickets' }), who).toHaveCount(tickets === 200 ? 1 : 0);
    expect((await page.goto('/admin/tickets')).status(), who).toBe(tickets);
    expect((await page.goto('/admin/requests/new')).status(), who).toBe(requests);
  }
});

// T10
test('a stranger finds nothing at somebody else\'s addresses', async ({ as }) => {
  const owner = await as('Sana Haddad');
  await owner.goto('/tasks/KF-17');
  const task = new URL(owner.url()).pathname;
  const employee = await as(EMPLOYEE);
  await employee.goto('/?section=access');
  const grant = await employee.getByRole('link', { name: 'Give back GitHub: Basic access' }).getAttribute('href');
  const stranger = await as(STRANGER);
  const get = ['/requests/KF-17', '/requests/KF-17?tab=audit', '/requests/KF-17/cancel', '/requests/KF-17/edit',
    '/tasks/KF-17', task, `${task}/deny`, grant];
  for (const path of get) {
    expect((await stranger.goto(path)).status(), path).toBe(404);
    await expect(stranger.getByText('Ines Duarte')).toHaveCount(0);
  }
  const headers = { origin: new URL(stranger.url()).origin };
  const post = ['/requests/KF-17/cancel', '/requests/KF-17/edit', '/requests/KF-17/comments', `${task}/approve`, `${task}/deny`,
    `${task}/confirm`, grant];
  for (const path of post) {
    const form = { text: 'hello', reason: 'because', digest: '0'.repeat(64), comment: 'no' };
    expect((await stranger.request.post(path, { headers, form, maxRedirects: 0 })).status(), path).toBe(404);
  }
  await employee.goto('/requests/KF-17');
  await expect(stat(employee, 'Approval')).toContainText('Waiting for approval');
  await expect(employee.getByText('hello')).toHaveCount(0);
});

test('an auditor reads everything and changes nothing', async ({ as }) => {
  const page = await as(AUDITOR);
  await page.goto('/requests/KF-17');
  await expect(page.locator('main').getByRole('button')).toHaveCount(0);
  await expect(page.locator('#head').getByRole('link')).toHaveText(['Tickets']);
  await page.getByRole('link', { name: 'Audit trail' }).click();
  await expect(page.getByText('Writing: a failed run has to be loaded again by hand.')).toBeVisible();
});

// S2-22
test('an approver is not offered what an App Admin does', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  const request = await ask(employee, 'github/write');
  const manager = await as(MANAGER);
  await approve(manager, request);
  await expect(manager.getByRole('link', { name: 'Confirm Provisioning' })).toHaveCount(0);
  const admin = await as(GITHUB_ADMIN);
  await admin.goto(`/requests/${request}`);
  await admin.getByRole('link', { name: 'Confirm Provisioning' }).click();
  const task = new URL(admin.url()).pathname;
  const headers = { origin: new URL(manager.url()).origin };
  const refused = await manager.request.post(`${task}/confirm`, { headers, form: {}, maxRedirects: 0 });
  expect([403, 404]).toContain(refused.status());
  await admin.goto(`/requests/${request}`);
  await expect(stat(admin, 'Fulfilment')).toContainText('Waiting for the app admin');
});

// S2-7
test('home opens the section that the address names', async ({ as }) => {
  const page = await as(MANAGER);
  for (const [section, heading] of [['tickets', 'My tasks'], ['requests', 'My requests'], ['access', 'My access']]) {
    await page.goto(`/?section=${section}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
  }
  await page.goto('/?section=tickets');
  await page.getByRole('link', { name: 'Review the request for Kofi Mensah' }).click();
  await expect(page.getByRole('button', { name: /^Approve/ })).toBeVisible();
});

// S2-9, S2-18
test('tickets are narrowed by state, kind, app and number, and each is there once', async ({ as }) => {
  const page = await as(SUPER_ADMIN);
  await page.goto('/admin/tickets');
  const numbers = () => page.locator('#tickets tbody .tag-id').allTextContents();
  const open = ['KF-14', 'KF-15', 'KF-16', 'KF-17', 'KF-18', 'KF-19', 'KF-21', 'KF-22', 'KF-23'];
  expect((await numbers()).sort()).toEqual(open);
  await page.getByLabel('Kind').selectOption('Removal');
  await expect(page).toHaveURL(/kind=deprovisioning/);
  await expect.poll(numbers).toEqual(['KF-16']);
  await page.getByLabel('Kind').selectOption('All kinds');
  await page.getByLabel('App', { exact: true }).selectOption('GitHub');
  await expect.poll(numbers).toEqual(['KF-15']);
  await page.getByLabel('State').selectOption('Done');
  await expect.poll(numbers).toContain('KF-12');
  await expect(page.getByText('Fulfilled').first()).toBeVisible();
  await page.goto('/admin/tickets?request=KF-19');
  expect(await numbers()).toEqual(['KF-19']);
  await expect(page.locator('#tickets tbody')).toContainText('Nadia Benali');
  await page.getByRole('link', { name: 'Clear' }).click();
  await page.getByRole('link', { name: 'Snowflake: Loader, production, KF-17' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Snowflake: Loader, production for Ines Duarte');
});

test('an App Admin sees the tickets of the own apps only', async ({ as }) => {
  const page = await as(GITHUB_ADMIN);
  await page.goto('/admin/tickets?state=all');
  const apps = new Set(await page.locator('#tickets tbody th a').allTextContents());
  expect([...apps]).toEqual(['GitHub']);
});

// S3-13 to S3-16
test('the directory counts what is available and marks what is held or on its way', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/browse');
  const tiles = page.locator('.tiles > li');
  await expect(tiles).toHaveCount(9);
  await expect(page.getByText('9 apps are available to you.')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Browse access/ })).toContainText('9');
  await expect(tiles.filter({ has: page.locator('.marker[data-tone=ok]') }).getByRole('heading')).toHaveText(['AWS Production', 'GitHub']);
  await expect(tiles.filter({ has: page.locator('.marker[data-tone=warn]') }).getByRole('heading')).toHaveText(['Snowflake']);
  await page.getByLabel('Show').selectOption('I have it');
  await expect(tiles).toHaveCount(2);
  await page.getByRole('link', { name: 'GitHub', exact: true }).click();
  const row = name => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  await expect(row(/^Basic access/)).toContainText('You have it');
  await expect(row(/^Basic access/).getByRole('checkbox')).toBeDisabled();
  await expect(row(/^Write Access/).getByRole('link', { name: 'Request' })).toBeVisible();
  await page.goto('/apps/snowflake');
  await expect(row(/^Loader, production/).getByRole('link', { name: 'View request' })).toBeVisible();
});

// S1-3 and others: fixed labels
test('a task names everything that is needed to decide under its fixed labels', async ({ as }) => {
  const page = await as(MANAGER);
  await page.goto('/tasks/KF-21');
  const card = page.locator('#card');
  const labels = await card.locator('dt').allTextContents();
  expect(labels).toEqual(['App', 'Target User', 'Requester', 'Permissions', 'Access Length', 'Approvers', 'App Admins']);
  await expect(card).toContainText('Groups');
  await expect(card).toContainText('The churn report needs the production tables.');
});
