// What people do, as they do it: through the pages.
import { expect } from './test.mjs';

/** The request whose page is open. */
export const number = page => page.url().match(/KF-\d+/)[0];

/** The card "Who will be asked". */
export const preview = page => page.getByRole('complementary', { name: 'Who will be asked' });

/** The execution plan, and a step of it. */
export const plan = page => page.locator('#plan .steps');
export const step = (page, title) => plan(page).locator('li').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

/** The status beside a label: "Approval", "Fulfilment" or "Access". */
export const stat = (page, label) => page.locator('#stats .stat').filter({ has: page.getByText(label, { exact: true }) });

/** Files a request for `app/entitlement` and stays on its page. */
export async function ask(page, entitlement, why = 'I need it for the tests.', length) {
  await page.goto(`/request?entitlement=${entitlement}`);
  if (length) await page.getByText(length, { exact: true }).click();
  if (why) await page.getByLabel('Justification').fill(why);
  await submit(page);
  await expect(page).toHaveURL(/\/requests\/KF-\d+$/);
  return number(page);
}

/** Presses the button that is seen; the hidden one answers the Enter key. */
export const submit = page => page.getByRole('button', { name: 'Submit request' }).last().click();

/** Approves a request from the Task Center. */
export async function approve(page, number) {
  await page.goto('/tasks');
  await page.getByRole('button', { name: new RegExp(`^Approve .*${number}$`) }).click();
  await expect(page).toHaveURL(new RegExp(`/requests/${number}$`));
}

/** Confirms what was done by hand. */
export async function confirm(page, number, note) {
  await page.goto(`/tasks/${number}`);
  if (note) await page.getByLabel('Note').fill(note);
  await page.getByRole('button', { name: /^Confirm (Provisioning|removal): / }).click();
  await expect(page).toHaveURL(/\/requests\/KF-\d+$/);
}

/** Moves the demo's clock on: `+1 hour`, `+1 day` or `+7 days`. */
export async function moveOn(page, by, times = 1) {
  const shown = page.getByRole('form', { name: 'Demo clock' }).locator('time');
  for (let left = times; left > 0; left -= 1) {
    const before = await shown.textContent();
    await page.getByRole('button', { name: by }).click();
    await expect(shown).not.toHaveText(before);
  }
}

/** Looks at a page again and again, as somebody without script would, until it shows what it should. */
export async function until(page, path, check) {
  await expect(async () => {
    await page.goto(path);
    await check();
  }).toPass({ intervals: [100, 200, 400] });
}
