// Asking for access: what is offered, how long, for whom, and once only.
import { EMPLOYEE, HELPDESK, MANAGER, STRANGER, expect, test } from '../support/test.mjs';
import { ask, number, plan, preview, stat, submit } from '../support/acts.mjs';

/** Lets the server say what is wrong instead of the browser. */
const withoutBrowserChecks = page => page.locator('main form[method=post]').evaluateAll(forms => {
  for (const form of forms) form.noValidate = true;
});

const facts = page => page.locator('#facts');
const inDays = days => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);

// S0-15, S3-19, S3-20
test('the lengths that the permission offers can be chosen, and its usual one is', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=github/write');
  const length = page.getByRole('group', { name: 'Access length' });
  await expect(length.getByRole('radio', { checked: true })).toHaveValue('P30D');
  await expect(length).toContainText('8 hours7 days30 days90 daysUnlimitedCustomUntil a date');
  await length.getByText('Unlimited', { exact: true }).click();
  await expect(length.locator('output')).toHaveText('Stays until somebody takes it away.');
  await page.getByLabel('Justification').fill('For good.');
  await submit(page);
  await expect(facts(page)).toContainText('Unlimited');
  await expect(plan(page)).toContainText('never by itself');
});

// S0-15
test('where only some lengths are offered, no other can be typed in', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=aws/power-user');
  const length = page.getByRole('group', { name: 'Access length' });
  await expect(length.getByRole('radio')).toHaveCount(3);
  await expect(length).toContainText('Only these lengths are offered.');
  await length.getByRole('radio', { checked: true }).evaluate(radio => { radio.value = 'PT6H'; });
  await page.getByLabel('Justification').fill('I try another length.');
  await submit(page);
  await expect(page.getByRole('alert')).toContainText('Only the offered lengths can be chosen.');
});

// S3-21
test('a length of one\'s own is a number of hours or days, and too much of it is refused with everything kept', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=snowflake/analyst-prod');
  await page.getByText('Custom', { exact: true }).click();
  await page.getByRole('spinbutton', { name: 'Number' }).fill('400');
  await page.getByRole('combobox', { name: 'Unit' }).selectOption('days');
  await page.getByLabel('Justification').fill('A year of numbers.');
  await submit(page);
  const alert = page.getByRole('alert');
  await alert.getByRole('link', { name: 'This is longer than allowed. Ask for 90 days at most.' }).click();
  await expect(page.getByRole('group', { name: 'Access length' })).toBeFocused();
  await expect(page.getByRole('spinbutton', { name: 'Number' })).toHaveValue('400');
  await expect(page.getByRole('spinbutton', { name: 'Number' })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Justification')).toHaveValue('A year of numbers.');
  await page.getByRole('spinbutton', { name: 'Number' }).fill('36');
  await page.getByRole('combobox', { name: 'Unit' }).selectOption('hours');
  await submit(page);
  await expect(facts(page)).toContainText('1 day 12 hours');
});

// S3-21
test('access may be asked for until a day, within the longest length', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=snowflake/analyst-prod');
  await page.getByText('Until a date', { exact: true }).click();
  await page.getByLabel('Last day (UTC)').fill(inDays(200));
  await page.getByLabel('Justification').fill('Until the project ends.');
  await withoutBrowserChecks(page);
  await submit(page);
  await expect(page.getByRole('alert')).toContainText('Ask for 90 days at most.');
  await page.getByLabel('Last day (UTC)').fill(inDays(10));
  await submit(page);
  await expect(facts(page)).toContainText(/until \d+ \w+ \d{4}, 23:59 UTC/);
});

test('access may begin later', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=looker/access');
  await page.getByText('Start later').click();
  await page.getByLabel('First day (UTC)').fill(inDays(3));
  await submit(page);
  await expect(facts(page)).toContainText(/30 days, not before \d+ \w+ \d{4}, 00:00 UTC/);
});

// S0-16, S2-11, S3-22
test('a reason is needed where the app wants one, and only there', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=github/write');
  await submit(page);
  await expect(page.getByLabel('Justification')).toBeFocused();
  await withoutBrowserChecks(page);
  await submit(page);
  await page.getByRole('alert').getByRole('link', { name: 'A reason is needed.' }).click();
  await expect(page.getByLabel('Justification')).toBeFocused();
  await page.goto('/request?entitlement=looker/access');
  await expect(page.getByText('Justification Optional')).toBeVisible();
  await submit(page);
  await expect(stat(page, 'Approval')).toContainText('Waiting for approval');
});

// S2-10, S2-13, S3-18, S3-29 to S3-31
test('several permissions are asked for at once and turn up in the list, newest first', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/apps/github');
  await page.getByRole('checkbox', { name: 'Select Read Access' }).check();
  await page.getByRole('checkbox', { name: 'Select Write Access' }).check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('combobox', { name: 'Which app? Add another…' }).selectOption('Looker');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(preview(page)).toContainText('3 requests');
  await expect(preview(page)).toContainText('Looker: Basic access');
  await page.getByRole('button', { name: 'Remove GitHub, Read Access' }).click();
  await expect(preview(page)).toContainText('2 requests');
  await page.getByLabel('Justification').fill('For the new dashboards.');
  await submit(page);
  await expect(page).toHaveURL(/\?section=requests$/);
  const open = page.getByRole('region', { name: /^Open requests/ });
  await expect(open.getByRole('link')).toHaveText(['Looker: Basic access', 'GitHub: Write Access', 'Snowflake: Loader, production']);
  await expect(open.getByText('Pending')).toHaveCount(3);
  await expect(open).toContainText(`Waiting for ${MANAGER}`);
  await open.getByRole('link', { name: 'GitHub: Write Access' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('GitHub: Write Access');
});

// S2-12
test('pressing twice, or again after going back, files one request', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=github/write');
  await page.getByLabel('Justification').fill('Once is enough.');
  await page.getByRole('button', { name: 'Submit request' }).last().dblclick();
  await expect(page).toHaveURL(/\/requests\/KF-\d+$/);
  const filed = number(page);
  await page.goBack();
  await expect(page.getByRole('button', { name: 'Submit request' }).last()).toBeVisible();
  await page.getByLabel('Justification').fill('Once is enough.');
  await submit(page);
  await expect(page.getByRole('alert')).toContainText(filed);
  await page.goto('/?section=requests');
  await expect(page.getByRole('link', { name: 'GitHub: Write Access' })).toHaveCount(1);
});

test('what is asked for already is not filed again, and the open request is named', async ({ as }) => {
  const page = await as(EMPLOYEE);
  const early = await page.context().newPage();
  await early.goto('/request?entitlement=github/write');
  const filed = await ask(page, 'github/write');
  await early.getByLabel('Justification').fill('In another window.');
  await submit(early);
  await expect(early.getByRole('alert')).toContainText(`Request ${filed} asks for the same thing and is still open.`);
  await expect(early.getByLabel('Justification')).toHaveValue('In another window.');
  await early.locator('#resources').getByRole('link', { name: 'View request' }).click();
  await expect(early.getByRole('heading', { level: 1 })).toHaveText('GitHub: Write Access');
  await expect(early.locator('#head')).toContainText(filed);
});

// S0-12
test('an app is found by typing and asked for with the keyboard alone', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/browse');
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('git');
  await expect(page.locator('.tiles > li')).toHaveCount(1);
  await expect(page).toHaveURL(/\/browse\?q=git$/);
  await expect(page.getByRole('searchbox')).toBeFocused();
  const tabTo = async target => {
    await expect(async () => {
      await page.keyboard.press('Tab');
      await expect(target).toBeFocused({ timeout: 50 });
    }).toPass({ intervals: [0] });
  };
  await tabTo(page.getByRole('link', { name: 'GitHub', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('GitHub');
  await tabTo(page.getByRole('link', { name: 'Request Write Access' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Request access');
  await tabTo(page.getByRole('radio', { name: '30 days' }));
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: '7 days' })).toBeChecked();
  await tabTo(page.getByLabel('Justification'));
  await page.keyboard.type('No mouse at hand.');
  await tabTo(page.getByRole('button', { name: 'Submit request' }).last());
  await page.keyboard.press('Enter');
  await expect(facts(page)).toContainText('No mouse at hand.');
  await expect(facts(page)).toContainText('7 days');
});

// S3-3, S3-7, S3-41
test('only what the catalogs offer can be seen and asked for', async ({ as }) => {
  const page = await as(STRANGER);
  await page.goto('/request');
  const apps = await page.getByLabel('Which app?').locator('option').allTextContents();
  expect(apps).toEqual(['Choose…', 'Slack', 'Looker', 'Figma', 'GitHub', 'Jira Cloud']);
  expect((await page.goto('/apps/netsuite')).status()).toBe(404);
  await page.goto('/apps/github');
  await expect(page.getByText('Release Team')).toHaveCount(0);
  await page.goto('/request?entitlement=netsuite/accountant');
  await page.getByLabel('Justification').fill('I was told the address.');
  await submit(page);
  await expect(page.getByRole('alert')).toContainText('This is not offered to the target user. Remove it.');
});

// S3-42 to S3-44
test('without an account one asks for basic access, with one for the rest', async ({ as }) => {
  const stranger = await as(STRANGER);
  await stranger.goto('/request');
  await stranger.getByLabel('Which app?').selectOption('GitHub');
  await stranger.getByRole('button', { name: 'Continue' }).click();
  await expect(stranger.locator('.picked li')).toContainText('Basic app access');
  await expect(stranger.getByRole('combobox', { name: 'Permission in GitHub' })).toHaveCount(0);
  const employee = await as(EMPLOYEE);
  await employee.goto('/request?app=github');
  const choices = await employee.getByRole('combobox', { name: 'Permission in GitHub' }).locator('option').allTextContents();
  expect(choices).toEqual(['Choose…', 'Maintain Access', 'Organisation Owner', 'Read Access', 'Release Team', 'Write Access']);
  await withoutBrowserChecks(employee);
  await submit(employee);
  await expect(employee.getByRole('alert')).toContainText('Choose what you need in GitHub.');
});

// S3-9, S3-12
test('who may ask for nobody else is not offered to, and is refused', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=github/write');
  await expect(page.getByText('Who is this for?')).toHaveCount(0);
  await page.locator('main form[method=post]').evaluate(form => {
    for (const [name, value] of [['for', 'other'], ['person', 'kofi.mensah@example.com']]) {
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
  });
  await page.getByLabel('Justification').fill('For Kofi.');
  await submit(page);
  await expect(page.getByRole('alert')).toContainText('You can ask for yourself and for those who report to you.');
  await page.goto('/request?entitlement=github/write&for=kofi.mensah@example.com');
  await expect(page.getByRole('alert')).toContainText('You can ask for yourself and for those who report to you.');
});

// S0-13, S1-19, S1-23, S3-10
test('a lead asks for somebody of the team, and then cannot answer it', async ({ as }) => {
  const page = await as(MANAGER);
  await page.goto('/request?entitlement=github/write');
  await expect(page.getByLabel('Target User')).toBeHidden();
  await page.getByRole('radio', { name: 'Someone on my team' }).check();
  const team = page.getByLabel('Target User');
  await expect(team.locator('option')).toHaveText(['Choose…', 'Ines Duarte', 'Kofi Mensah', 'Milan Novak', 'Sana Haddad']);
  await team.selectOption('Milan Novak');
  await expect(preview(page)).toContainText('Henrik Lund');
  await page.getByLabel('Justification').fill('Milan takes over the loaders.');
  await submit(page);
  await expect(facts(page).getByText('Target User').locator('..')).toContainText('Milan Novak');
  await expect(facts(page).getByText('Requester').locator('..')).toContainText(MANAGER);
  await expect(page.getByRole('link', { name: 'Approve or deny' })).toHaveCount(0);
  const subject = await as('Milan Novak');
  await subject.goto('/?section=requests');
  await expect(subject.getByText(`Filed by ${MANAGER}`)).toBeVisible();
});

// S2-8, S2-14 to S2-17
test('the help desk asks for anybody, and both names stay', async ({ as }) => {
  const page = await as(HELPDESK);
  await page.getByRole('link', { name: 'New request for somebody' }).click();
  await page.getByLabel('Target User').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Target User').fill('ines.duarte@example.com');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Which app?').selectOption('Looker');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('combobox', { name: 'Which app? Add another…' }).selectOption('GitHub');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('combobox', { name: 'Permission in GitHub' }).selectOption('Write Access');
  await expect(preview(page)).toContainText(MANAGER);
  await page.getByLabel('Justification').fill('She called us from the train.');
  await submit(page);
  await expect(page.getByText('For Ines Duarte').first()).toBeVisible();
  await page.getByRole('link', { name: 'GitHub: Write Access' }).click();
  await expect(facts(page).getByText('Requester').locator('..')).toContainText(HELPDESK);
  await page.getByRole('link', { name: 'Audit trail' }).click();
  await expect(page.locator('.timeline')).toContainText(`${HELPDESK} asked for GitHub: Write Access for ${EMPLOYEE}`);
});
