// Every page of the product, each with who sees it and how to get there. Numbers are those of the sample company:
// KF-1 in place, KF-11 cancelled, KF-12 denied, KF-14 and KF-17 waiting for an owner, KF-15 waiting to be set up by hand,
// KF-16 a removal by hand, KF-19 waiting for the second of two.
import {
  AUDITOR, EMPLOYEE, GITHUB_ADMIN, HELPDESK, MANAGER, STRANGER, SUPER_ADMIN, expect,
} from './test.mjs';

const at = path => page => page.goto(path);

/** A request number leads to the visitor's own task on it. */
const task = number => at(`/tasks/${number}`);

async function refusedForm(page) {
  await page.goto('/request?entitlement=slack/guest-inviter&entitlement=jira/access');
  await page.getByRole('radio', { name: 'Custom' }).check({ force: true });
  await page.getByRole('spinbutton', { name: 'Number' }).fill('400');
  await page.getByRole('combobox', { name: 'Unit' }).selectOption('days');
  await page.getByLabel('Justification').fill('A month is not enough.');
  await page.getByRole('button', { name: 'Submit request' }).last().click();
  await expect(page.getByRole('alert')).toBeVisible();
}

async function giveBack(page) {
  await page.goto('/?section=access');
  await page.getByRole('link', { name: 'Give back AWS Production: Read-only Role' }).click();
}

async function askedToCancel(page) {
  await page.goto('/requests/KF-15');
  await page.getByRole('link', { name: 'Cancel request' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

async function askedToDeny(page) {
  await page.goto('/tasks/KF-21');
  await page.getByRole('link', { name: /^Deny/ }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
}

async function denyPage(page) {
  await page.goto('/tasks');
  await page.getByRole('link', { name: /^Deny/ }).click();
  await expect(page).toHaveURL(/\/deny$/);
}

async function accountMenu(page) {
  await page.goto('/');
  await page.getByRole('button', { name: /^Account menu/ }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

async function drawer(page) {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/tasks');
  await page.getByRole('button', { name: 'Menu', exact: true }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}

async function shown(page) {
  await page.goto('/requests/KF-17?tab=audit');
  await page.getByText('What was recorded').first().click();
  await expect(page.getByRole('group', { name: /^What was recorded at/ })).toBeVisible();
}

async function tooLate(page) {
  await page.goto('/tasks/KF-21');
  const digest = page.locator('input[name=digest]').first();
  await digest.evaluate(input => { input.value = '0'.repeat(64); });
  await page.getByRole('button', { name: /^Approve/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The request has changed meanwhile');
}

async function badEdit(page) {
  await page.goto('/requests/KF-17/edit');
  await page.getByText('Other', { exact: true }).click();
  await page.getByRole('spinbutton', { name: 'Number' }).fill('400');
  await page.getByRole('button', { name: 'Save and ask again' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
}

async function done(page) {
  await page.goto('/admin/tickets?state=done&kind=provisioning&request=KF-5');
  await page.getByRole('link', { name: /^GitHub: Maintain Access/ }).click();
  await expect(page.getByRole('heading', { name: 'This task is done' })).toBeVisible();
}

async function somebody(page) {
  await page.goto('/admin/requests/new');
  await page.getByLabel('Target User').fill('ines.duarte@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Which app?').selectOption('GitHub');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Who will be asked' })).toBeVisible();
}

async function ticked(page) {
  await page.goto('/apps/github');
  await page.getByRole('checkbox', { name: 'Select Read Access' }).check();
}

/** Pages for those who are signed in; `held` where going there has moved the keyboard. */
export const PAGES = [
  { name: 'home', who: EMPLOYEE, go: at('/') },
  { name: 'home of somebody new', who: STRANGER, go: at('/') },
  { name: 'home of an approver', who: MANAGER, go: at('/') },
  { name: 'my access', who: EMPLOYEE, go: at('/?section=access') },
  { name: 'no access', who: STRANGER, go: at('/?section=access') },
  { name: 'my requests', who: EMPLOYEE, go: at('/?section=requests') },
  { name: 'my tasks', who: MANAGER, go: at('/?section=tickets') },
  { name: 'no tasks', who: EMPLOYEE, go: at('/?section=tickets') },
  { name: 'account menu', who: EMPLOYEE, held: true, go: accountMenu },
  { name: 'menu on a small screen', who: EMPLOYEE, held: true, go: drawer },
  { name: 'browse', who: EMPLOYEE, go: at('/browse') },
  { name: 'browse, found inside', who: EMPLOYEE, go: at('/browse?q=loader') },
  { name: 'browse, nothing found', who: EMPLOYEE, go: at('/browse?q=zzz') },
  { name: 'an app', who: EMPLOYEE, go: at('/apps/github') },
  { name: 'an app with something ticked', who: EMPLOYEE, held: true, go: ticked },
  { name: 'an app with a pending request', who: EMPLOYEE, go: at('/apps/snowflake') },
  { name: 'which app', who: EMPLOYEE, go: at('/request') },
  { name: 'request form', who: EMPLOYEE, go: at('/request?entitlement=github/write') },
  { name: 'request form, nothing chosen in an app', who: EMPLOYEE, go: at('/request?app=github') },
  { name: 'request form for several', who: EMPLOYEE, go: at('/request?entitlement=github/write&entitlement=looker/access&length=custom') },
  { name: 'request form, already pending', who: EMPLOYEE, go: at('/request?entitlement=snowflake/loader-prod&length=until') },
  { name: 'request form of a lead', who: MANAGER, go: at('/request?entitlement=github/write') },
  { name: 'request form, refused', who: EMPLOYEE, go: refusedForm },
  { name: 'request form for somebody, empty', who: HELPDESK, go: at('/admin/requests/new') },
  { name: 'request form for somebody', who: HELPDESK, go: somebody },
  { name: 'request, pending', who: EMPLOYEE, go: at('/requests/KF-17') },
  { name: 'request, in place', who: EMPLOYEE, go: at('/requests/KF-1') },
  { name: 'request, by hand', who: 'Tariq Mansour', go: at('/requests/KF-15') },
  { name: 'request, asked whether to cancel', who: 'Tariq Mansour', held: true, go: askedToCancel },
  { name: 'request, cancelled', who: SUPER_ADMIN, go: at('/requests/KF-11') },
  { name: 'request, denied', who: SUPER_ADMIN, go: at('/requests/KF-12') },
  { name: 'request, second of two', who: SUPER_ADMIN, go: at('/requests/KF-19') },
  { name: 'request, a removal', who: SUPER_ADMIN, go: at('/requests/KF-16') },
  { name: 'audit trail', who: AUDITOR, go: at('/requests/KF-17?tab=audit') },
  { name: 'audit trail with a record', who: AUDITOR, held: true, go: shown },
  { name: 'cancel', who: EMPLOYEE, go: at('/requests/KF-17/cancel') },
  { name: 'edit', who: EMPLOYEE, go: at('/requests/KF-17/edit') },
  { name: 'edit, refused', who: EMPLOYEE, go: badEdit },
  { name: 'give back', who: EMPLOYEE, go: giveBack },
  { name: 'task center', who: MANAGER, go: at('/tasks') },
  { name: 'task center of an App Admin', who: GITHUB_ADMIN, go: at('/tasks') },
  { name: 'task center, empty', who: EMPLOYEE, go: at('/tasks') },
  { name: 'task, approval', who: MANAGER, go: task('KF-21') },
  { name: 'task, asked whether to deny', who: MANAGER, held: true, go: askedToDeny },
  { name: 'task, deny', who: GITHUB_ADMIN, go: denyPage },
  { name: 'task, by hand', who: GITHUB_ADMIN, go: task('KF-15') },
  { name: 'task, removal', who: 'Noor Rahman', go: task('KF-16') },
  { name: 'task, too late', who: MANAGER, go: tooLate },
  { name: 'task, done', who: SUPER_ADMIN, go: done },
  { name: 'tickets', who: SUPER_ADMIN, go: at('/admin/tickets') },
  { name: 'tickets, done', who: SUPER_ADMIN, go: at('/admin/tickets?state=done') },
  { name: 'tickets, none', who: SUPER_ADMIN, go: at('/admin/tickets?request=KF-999') },
  { name: 'not allowed', who: EMPLOYEE, go: at('/admin/tickets') },
  { name: 'nothing here', who: EMPLOYEE, go: at('/requests/KF-12') },
  { name: 'no such page', who: EMPLOYEE, go: at('/nowhere') },
];

/** Pages for everybody else. */
export const BARE_PAGES = [
  { name: 'people to sign in as', go: at('/login') },
  { name: 'people to sign in as, on the way to a page', go: at('/login?next=/tasks&q=finance') },
  { name: 'nobody fits', go: at('/login?q=zzz') },
  { name: 'a link that is used up', go: at('/sign-in/none') },
  { name: 'a link that signs in', go: async (page, keyfob) => page.goto(await link(keyfob)) },
  { name: 'an address without TLS', go: (page, keyfob) => page.goto(keyfob.url.replace('localhost', 'keyfob.example')) },
  { name: 'no such page', go: at('/nowhere') },
];

/** A one-time link, made as an operator makes it. */
export const link = async (keyfob, email = 'ines.duarte@example.com') =>
  (await keyfob.ask('sign-in-link', '--user', email)).match(/http:\S+/)[0];
