// The main job from end to end, on both databases, with and without script.
import { EMPLOYEE, GITHUB_ADMIN, MANAGER, OTHER_GITHUB_ADMIN, expect, test } from '../support/test.mjs';
import { approve, ask, confirm, moveOn, number, plan, preview, stat, step, submit, until } from '../support/acts.mjs';

const SOON = { timeout: 500 };

for (const database of ['sqlite', 'postgres']) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`on ${database}, ${javaScriptEnabled ? 'with' : 'without'} script`, () => {
      test.use({ database, javaScriptEnabled });

      // S2-30 with S0-1, S0-2, S0-6, S0-28, S0-30, S0-31, S1-13 to S1-16, S1-18 to S1-24, S2-2, S2-5, S2-18 to S2-21,
      // S3-22, S3-25 to S3-27, S3-32
      test('GitHub Write Access is asked for, approved, set up by hand, ends, and the trail shows every step', async ({ as }) => {
        const employee = await as(EMPLOYEE);
        await employee.goto('/browse');
        await employee.getByRole('link', { name: 'GitHub', exact: true }).click();
        await employee.getByRole('link', { name: 'Request Write Access' }).click();
        await expect(preview(employee)).toContainText(MANAGER);
        await expect(preview(employee)).toContainText(GITHUB_ADMIN);
        await employee.getByLabel('Justification').fill('I fix the release of the loaders.');
        await submit(employee);
        await expect(employee.getByRole('heading', { level: 1 })).toHaveText('GitHub: Write Access');
        const request = number(employee);
        await expect(stat(employee, 'Approval')).toContainText('Waiting for approval');
        await expect(stat(employee, 'Fulfilment')).toContainText('Not started');
        await expect(step(employee, 'Manager')).toHaveAttribute('aria-current', 'step');
        await expect(step(employee, 'Manager')).toContainText(MANAGER);
        await employee.goto('/apps/github');
        await expect(employee.getByRole('link', { name: 'View request for Write Access' })).toHaveAttribute('href', /\/requests\/req_/);

        const manager = await as(MANAGER);
        await manager.goto('/tasks');
        const tile = manager.getByRole('listitem').filter({ hasText: request });
        await expect(tile.getByRole('heading', { level: 3 })).toHaveText(`${EMPLOYEE} Write Access`);
        for (const fact of ['App', 'Target User', 'Requester', 'Permissions', 'Access Length', 'Approvers', 'App Admins']) {
          await expect(tile.getByText(fact, { exact: true })).toBeVisible();
        }
        await expect(tile.getByRole('blockquote')).toContainText('I fix the release of the loaders.');
        await expect(tile.getByRole('button', { name: /Confirm/ })).toHaveCount(0);
        await approve(manager, request);

        const admin = await as(GITHUB_ADMIN);
        await admin.goto('/tasks?kind=provisioning');
        await admin.getByRole('listitem').filter({ hasText: request }).getByRole('link', { name: EMPLOYEE, exact: true }).click();
        await expect(admin.getByRole('heading', { level: 1 })).toHaveText(`Change to GitHub: Write Access for ${EMPLOYEE}`);
        await expect(admin.getByRole('link', { name: 'Open GitHub' })).toHaveAttribute('href', /^https:\/\/github\.example\.com/);
        await expect(admin.getByText('Open the people page and invite the address on this task.')).toBeVisible();
        await expect(admin.getByRole('button', { name: /^Approve/ })).toHaveCount(0);
        await admin.getByLabel('Level').fill('Write, team data only');
        await admin.getByLabel('Note').fill('Added to the team and checked.');
        await admin.getByRole('button', { name: /^Confirm Provisioning: / }).click();

        await employee.goto(`/requests/${request}`);
        await expect(employee.getByText(/^Granted until \d+ \w+ \d{4}, \d\d:\d\d UTC$/)).toBeVisible();
        await expect(stat(employee, 'Approval')).toContainText('Approved');
        await expect(stat(employee, 'Fulfilment')).toContainText('Granted');
        await expect(stat(employee, 'Access')).toContainText('Active');
        await expect(step(employee, 'Set up access')).toContainText('Added to the team and checked.');
        await expect(step(employee, 'Set up access')).toContainText('Level given: Write, team data only');

        await moveOn(employee, '+7 days', 5);
        await until(admin, `/tasks/${request}`, () => expect(admin.getByRole('heading', { level: 1 }))
          .toHaveText(`Remove GitHub: Write Access from ${EMPLOYEE}`, SOON));
        await employee.goto(`/requests/${request}`);
        await expect(stat(employee, 'Access')).toContainText('Being removed');
        await expect(step(employee, 'Access ends')).toContainText(OTHER_GITHUB_ADMIN);
        await confirm(admin, request, 'Removed from the team.');

        await employee.goto(`/requests/${request}`);
        await expect(stat(employee, 'Access')).toContainText('Removed');
        await employee.goto('/?section=access');
        await expect(employee.getByRole('link', { name: 'GitHub: Basic access', exact: true })).toBeVisible();
        await expect(employee.getByText('GitHub: Write Access')).toHaveCount(0);
        await employee.goto('/apps/github');
        await expect(employee.getByRole('link', { name: 'Request Write Access' })).toBeVisible();

        await employee.goto(`/requests/${request}`);
        await employee.getByRole('link', { name: 'Audit trail' }).click();
        const trail = employee.locator('.timeline > li');
        const told = await trail.evaluateAll(all => all.map(one => ({
          what: one.querySelector('strong').textContent, when: one.querySelector('time').dateTime,
        })));
        expect(told.map(one => one.what)).toEqual([
          `${EMPLOYEE} asked for GitHub: Write Access`,
          `${MANAGER} approved`,
          'Every approval was given',
          'The App Admins were asked to set the access up',
          `${GITHUB_ADMIN} confirmed the work by hand`,
          `Access is in place for ${EMPLOYEE}`,
          `Access of ${EMPLOYEE} is to be removed`,
          'The App Admins were asked to remove the access',
          `${GITHUB_ADMIN} confirmed that the access of ${EMPLOYEE} is removed`,
        ]);
        const times = told.map(one => Date.parse(one.when));
        expect(times).toEqual([...times].sort((a, b) => a - b));
        await expect(trail.filter({ hasText: 'confirmed the work by hand' })).toContainText('Added to the team and checked.');
        await expect(trail.filter({ hasText: 'confirmed that the access' })).toContainText('Removed from the team.');
      });

      // S0-5, S1-27: no human touches it, and it ends by itself
      test('access to a connected app is put in place and taken away by itself', async ({ as }) => {
        const employee = await as(EMPLOYEE);
        const request = await ask(employee, 'looker/access', '', '7 days');
        await approve(await as(MANAGER), request);
        const granted = () => expect(stat(employee, 'Fulfilment')).toContainText('Granted', SOON);
        await until(employee, `/requests/${request}`, granted);
        await expect(step(employee, 'Set up access')).toContainText('set up automatically');
        await employee.goto('/?section=access');
        await expect(employee.getByText('Looker: Basic access')).toBeVisible();
        await moveOn(employee, '+1 day', 1);
        await moveOn(employee, '+7 days', 1);
        await until(employee, `/requests/${request}`, () => expect(stat(employee, 'Access')).toContainText('Removed', SOON));
        await employee.goto('/?section=access');
        await expect(employee.getByText('Looker: Basic access')).toHaveCount(0);
        await employee.goto(`/requests/${request}`);
        await expect(plan(employee).locator('li').last()).toHaveAttribute('data-step', 'done');
      });
    });
  }
}
