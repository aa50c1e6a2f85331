// Answering: approve, deny, comment, edit, cancel, confirm, take away; and what the others are told.
import {
  EMPLOYEE, GITHUB_ADMIN, MANAGER, OTHER_GITHUB_ADMIN, SUPER_ADMIN, expect, test,
} from '../support/test.mjs';
import { approve, ask, confirm, plan, stat, step, submit, until } from '../support/acts.mjs';

const SOON = { timeout: 500 };

/** The dialog, or the page that it is without script. */
const dialog = page => page.getByRole('dialog');

// S1-13
test('the Task Center lists exactly the tasks that are counted', async ({ as }) => {
  const page = await as(MANAGER);
  await ask(await as('Milan Novak'), 'looker/access', '');
  await page.goto('/tasks');
  await expect(page.getByText('2 tasks are waiting for you.')).toBeVisible();
  await expect(page.locator('.tile.task')).toHaveCount(2);
  await expect(page.getByRole('link', { name: 'Tasks, 2 open' })).toBeVisible();
  await page.getByRole('link', { name: 'Provisioning' }).click();
  await expect(page.locator('.tile.task')).toHaveCount(0);
});

// S0-24, S2-20
test('a denial ends the request, the requester reads why, and nobody else is asked', async ({ as }) => {
  const manager = await as(MANAGER);
  await manager.goto('/tasks/KF-21');
  await manager.getByRole('link', { name: /^Deny/ }).click();
  await dialog(manager).getByLabel('Reason').fill('The staging tables are enough.');
  await dialog(manager).getByRole('button', { name: 'Deny' }).click();
  await expect(stat(manager, 'Approval')).toContainText('Denied');
  const employee = await as('Kofi Mensah');
  await employee.goto('/requests/KF-21');
  await expect(step(employee, 'Manager')).toContainText('The staging tables are enough.');
  await expect(step(employee, 'App owner')).toContainText('not reached');
  await expect(stat(employee, 'Fulfilment')).toContainText('Nothing to set up');
  const owner = await as('Sana Haddad');
  await owner.goto('/tasks');
  await expect(owner.getByText('KF-21')).toHaveCount(0);
});

// S2-23
test('where a denial needs a reason, one without is refused', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  const request = await ask(employee, 'aws/billing', 'I look at the bills.').catch(() => undefined);
  expect(request, 'billing is for Finance only').toBeUndefined();
  const filed = await ask(employee, 'aws/power-user', 'I restart a service.');
  const reviewer = await as('Ruth Abebe');
  await reviewer.goto(`/tasks/${filed}`);
  await reviewer.getByRole('link', { name: /^Deny/ }).click();
  const form = dialog(reviewer).locator('form');
  await form.evaluate(form => { form.noValidate = true; });
  await form.getByRole('button', { name: 'Deny' }).click();
  await expect(reviewer.getByRole('alert')).toContainText('A comment is needed here. Say why.');
  await reviewer.getByLabel('Reason').fill('Ask the people on call.');
  await reviewer.getByRole('button', { name: 'Deny' }).click();
  await expect(stat(reviewer, 'Approval')).toContainText('Denied');
});

// S1-8, S1-16
test('a denial at provisioning is a state of its own and reminds to look into the app', async ({ as }) => {
  const admin = await as(GITHUB_ADMIN);
  await admin.goto('/tasks/KF-15');
  await admin.getByRole('link', { name: /^Deny/ }).click();
  await expect(dialog(admin)).toContainText('Please look into GitHub');
  await dialog(admin).getByLabel('Reason').fill('No seat is left this month.');
  await dialog(admin).getByRole('checkbox').check();
  await dialog(admin).getByRole('button', { name: 'Deny' }).click();
  const employee = await as('Tariq Mansour');
  await employee.goto('/requests/KF-15');
  await expect(stat(employee, 'Approval')).toContainText('Approved');
  await expect(stat(employee, 'Fulfilment')).toContainText('Denied at provisioning');
  await expect(step(employee, 'Set up access')).toContainText('No seat is left this month.');
  await expect(step(employee, 'Set up access')).toContainText('Checked that access in the app is removed or proper.');
  await employee.goto('/?section=access');
  await expect(employee.getByText('GitHub: Write Access')).toHaveCount(0);
});

// S0-23, S3-34
test('a comment reaches the reviewers and decides nothing', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  await employee.goto('/requests/KF-17');
  await employee.getByLabel('Add a comment').fill('The switch is\non Thursday night.');
  await employee.getByRole('button', { name: 'Comment' }).click();
  await expect(employee.locator('.thread > li').last()).toContainText('on Thursday night.');
  const owner = await as('Sana Haddad');
  await owner.goto('/tasks/KF-17');
  await owner.getByRole('link', { name: 'Ask in the comments of the request' }).click();
  await expect(owner.locator('.thread > li').last()).toContainText('on Thursday night.');
  await expect(owner.locator('.thread > li').last().locator('br')).toHaveCount(1);
  await expect(stat(owner, 'Approval')).toContainText('Waiting for approval');
  await owner.getByLabel('Add a comment').fill('Then so be it.');
  await owner.getByRole('button', { name: 'Comment' }).click();
  await owner.getByRole('link', { name: 'Approve or deny' }).click();
  await expect(owner.getByRole('button', { name: /^Approve/ })).toBeVisible();
});

// S1-17
test('an App Admin gives less than was asked for, and the request starts again with both values on record', async ({ as }) => {
  const admin = await as(GITHUB_ADMIN);
  await admin.goto('/tasks');
  await admin.getByRole('link', { name: /^Edit .*KF-15$/ }).click();
  await expect(admin.getByText('Tariq Mansour is told what changed.')).toBeVisible();
  await admin.getByLabel('Permissions').selectOption('Read Access');
  await admin.getByText('7 days', { exact: true }).click();
  await admin.getByLabel('Why the change').fill('Reading is enough to find the retries.');
  await admin.getByRole('button', { name: 'Save and ask again' }).click();
  await expect(admin.getByRole('heading', { level: 1 })).toHaveText('GitHub: Read Access');
  const employee = await as('Tariq Mansour');
  await employee.goto('/requests/KF-15');
  await expect(stat(employee, 'Approval')).toContainText('Waiting for approval');
  await expect(plan(employee)).toContainText('Changed once since then; earlier approvals no longer count.');
  await expect(employee.locator('#facts')).toContainText('7 days');
  await employee.getByRole('link', { name: 'Audit trail' }).click();
  const edited = employee.locator('.timeline > li').filter({ hasText: `${GITHUB_ADMIN} changed the request` });
  await expect(edited).toContainText('Reading is enough to find the retries.');
  await edited.getByText('What was recorded').click();
  await expect(edited.locator('pre')).toContainText('P30D');
  await expect(edited.locator('pre')).toContainText('P7D');
  const manager = await as('Ewa Kowalczyk');
  await approve(manager, 'KF-15');
  await expect(stat(manager, 'Fulfilment')).toContainText('Waiting for the app admin');
});

// S3-35
test('a request that is cancelled asks nobody any more', async ({ as }) => {
  const employee = await as(EMPLOYEE);
  await employee.goto('/requests/KF-17');
  await employee.getByRole('link', { name: 'Cancel request' }).click();
  await dialog(employee).getByRole('button', { name: 'Keep request' }).click();
  await expect(dialog(employee)).toBeHidden();
  await employee.getByRole('link', { name: 'Cancel request' }).click();
  await dialog(employee).getByLabel('Reason').fill('The old loaders stay.');
  await dialog(employee).getByRole('button', { name: 'Cancel request' }).click();
  await expect(stat(employee, 'Approval')).toContainText('Cancelled');
  await expect(step(employee, 'App owner')).toContainText('not answered');
  await expect(plan(employee)).toContainText('The old loaders stay.');
  await expect(employee.getByRole('link', { name: 'Cancel request' })).toHaveCount(0);
  const owner = await as('Sana Haddad');
  await owner.goto('/tasks');
  await expect(owner.getByText('KF-17')).toHaveCount(0);
});

// I8
test('of two who answer the last approval, the second is told kindly who was first', async ({ as }) => {
  const [first, second] = [await as('Ruth Abebe'), await as('Viktor Sørensen')];
  for (const page of [first, second]) {
    await page.goto('/tasks/KF-19');
    await page.getByLabel('Comment').fill('The change is planned.');
  }
  await first.getByRole('button', { name: /^Approve/ }).click();
  await expect(stat(first, 'Approval')).toContainText('Approved');
  await second.getByRole('button', { name: /^Approve/ }).click();
  await expect(second.getByRole('heading', { level: 1 })).toHaveText('Ruth Abebe has approved this already');
  await expect(second.getByText('You need not do anything.')).toBeVisible();
  await second.getByRole('link', { name: 'View request KF-19' }).click();
  await expect(step(second, 'Security')).not.toContainText('Viktor Sørensen approved');
});

// S1-20
test('of two App Admins who confirm, the second is told kindly who was first', async ({ as }) => {
  const [first, second] = [await as(GITHUB_ADMIN), await as(OTHER_GITHUB_ADMIN)];
  for (const page of [first, second]) await page.goto('/tasks/KF-15');
  for (const page of [first, second]) await page.getByRole('button', { name: /^Confirm Provisioning/ }).click();
  await expect(second.getByRole('heading', { level: 1 })).toHaveText(`${GITHUB_ADMIN} has confirmed this already`);
  await second.goto('/tasks');
  await expect(second.getByText('KF-15')).toHaveCount(0);
});

// I2
test('an approval of what was shown before a change does not count', async ({ as }) => {
  const [employee, manager] = [await as('Kofi Mensah'), await as(MANAGER)];
  await manager.goto('/tasks/KF-21');
  await employee.goto('/requests/KF-21/edit');
  await employee.getByText('7 days', { exact: true }).click();
  await employee.getByRole('button', { name: 'Save and ask again' }).click();
  await expect(employee).toHaveURL(/\/requests\/KF-21$/);
  await manager.getByRole('button', { name: /^Approve/ }).click();
  await expect(manager.getByRole('heading', { level: 1 })).toHaveText('The request has changed meanwhile');
  await manager.getByRole('link', { name: 'Look again' }).click();
  await expect(manager.locator('#card')).toContainText('7 days');
  await manager.getByRole('button', { name: /^Approve/ }).click();
  await expect(step(manager, 'Manager')).toContainText('approved');
});

test('nobody answers a request of their own', async ({ as }) => {
  const page = await as(MANAGER);
  const request = await ask(page, 'github/access', '');
  await expect(step(page, 'Manager')).toContainText('Henrik Lund');
  await expect(page.getByRole('link', { name: 'Approve or deny' })).toHaveCount(0);
  await page.goto(`/tasks/${request}`);
  await expect(page).toHaveURL(new RegExp(`/requests/${request}$`));
});

// S1-26, S1-27
test('access is given back in two clicks and is gone at once', async ({ as }) => {
  const page = await as('Kofi Mensah');
  await until(page, '/?section=access', () => expect(page.getByText('Looker: Explorer')).toBeVisible(SOON));
  await page.getByRole('link', { name: 'Give back Looker: Explorer' }).click();
  await page.getByLabel('Reason').fill('The report is written.');
  await page.getByRole('button', { name: 'Give back' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Looker: Explorer');
  await expect(stat(page, 'Access')).toContainText('Removed');
  await page.goto('/?section=access');
  await expect(page.getByText('Looker: Explorer')).toHaveCount(0);
  await page.goto('/requests/KF-7?tab=audit');
  await expect(page.getByText('Kofi Mensah gave the access back')).toBeVisible();
});

// S1-26
test('an App Admin takes unlimited access away, and confirms that it is gone', async ({ as }) => {
  const admin = await as(GITHUB_ADMIN);
  await admin.goto('/requests/KF-2');
  await admin.getByRole('link', { name: 'Take away' }).click();
  await admin.getByLabel('Reason').fill('The team has changed.');
  await admin.getByRole('button', { name: 'Take away' }).click();
  await expect(step(admin, 'Removal')).toContainText(OTHER_GITHUB_ADMIN);
  const removal = admin.url().match(/KF-\d+/)[0];
  await confirm(admin, removal, 'Removed from the organisation.');
  const employee = await as(EMPLOYEE);
  await employee.goto('/requests/KF-2');
  await expect(stat(employee, 'Access')).toContainText('Removed');
  await employee.goto('/requests/KF-2?tab=audit');
  await expect(employee.getByText(`${GITHUB_ADMIN} took the access of ${EMPLOYEE} away`)).toBeVisible();
});

test('what has to be removed by hand says how it was set up, not how to set it up', async ({ as }) => {
  const page = await as('Noor Rahman');
  await page.goto('/tasks/KF-16');
  const instructions = page.getByRole('region', { name: 'Instructions' });
  await expect(instructions).toContainText('Remove Reports from the account of Rafael Pinto in Salesforce.');
  await expect(instructions).toContainText('This is how access is set up; take back what it gave:');
  await confirm(page, 'KF-16', '');
  await expect(page.locator('#stats')).toContainText('Removed');
});

test.describe('when a connector fails', () => {
  test.use({ settings: { KEYFOB__SIM__FAIL_EVERY: '1' } });

  // S0-18, S2-28, S2-29
  test('approved is not in place, and the page says why, when and who', async ({ as }) => {
    const employee = await as(EMPLOYEE);
    const request = await ask(employee, 'looker/access', '');
    await approve(await as(MANAGER), request);
    for (const page of [employee, await as(SUPER_ADMIN)]) {
      await until(page, `/requests/${request}`, () => expect(stat(page, 'Fulfilment')).toContainText('Not in place', SOON));
      await expect(stat(page, 'Approval')).toContainText('Approved');
      await expect(page.getByRole('region', { name: 'Approved, but not in place' })).toContainText('Who acts: the App Admins Sana Haddad.');
      await expect(page.getByText('Granted', { exact: true })).toHaveCount(0);
    }
  });
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('a request is changed, denied and cancelled on pages of their own', async ({ as }) => {
    const employee = await as(EMPLOYEE);
    const request = await ask(employee, 'github/write', 'I try all pages.');
    await employee.getByRole('link', { name: 'Edit' }).click();
    await employee.getByRole('radio', { name: 'Other' }).check({ force: true });
    await employee.getByRole('spinbutton', { name: 'Number' }).fill('12');
    await employee.getByRole('combobox', { name: 'Unit' }).selectOption('hours');
    await employee.getByRole('button', { name: 'Save and ask again' }).click();
    await expect(employee.locator('#facts')).toContainText('12 hours');
    await employee.getByRole('link', { name: 'Cancel request' }).click();
    await expect(employee).toHaveURL(/\/cancel$/);
    await employee.getByLabel('Reason').fill('Tried.');
    await employee.getByRole('button', { name: 'Cancel request' }).click();
    await expect(stat(employee, 'Approval')).toContainText('Cancelled');
    const manager = await as(MANAGER);
    await manager.goto('/tasks/KF-21');
    await manager.getByRole('link', { name: /^Deny/ }).click();
    await expect(manager).toHaveURL(/\/deny$/);
    await manager.getByLabel('Reason').fill('Not now.');
    await manager.getByRole('button', { name: 'Deny' }).click();
    await expect(stat(manager, 'Approval')).toContainText('Denied');
    expect(request).toMatch(/^KF-/);
  });

  test('the form shows who will be asked, adds and removes apps, and asks for a team member', async ({ as }) => {
    const page = await as(MANAGER);
    await page.goto('/request?entitlement=github/access');
    await page.getByRole('radio', { name: 'Someone on my team' }).check({ force: true });
    await page.getByLabel('Target User').selectOption('Sana Haddad');
    await page.getByRole('combobox', { name: 'Which app? Add another…' }).selectOption('Looker');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Show who will be asked' }).click();
    const asked = page.getByRole('complementary', { name: 'Who will be asked' });
    await expect(asked).toContainText('2 requests');
    await page.getByRole('button', { name: 'Remove GitHub, Basic app access' }).click();
    await expect(asked).toContainText('1 request');
    await submit(page);
    await expect(page.locator('#facts')).toContainText('Sana Haddad');
  });
});
