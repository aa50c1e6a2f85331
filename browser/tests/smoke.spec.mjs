// The first page anybody sees.
import { axe, expect, test } from '../keyfob.mjs';

test('the demo offers its people and lets one in', async ({ page, as }) => {
  await page.goto('/login');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await axe(page);

  const name = await page.getByRole('main').locator('form[method=post] button strong').first().innerText();
  const person = await as(name);
  await expect(person.getByRole('main')).toBeVisible();
  await axe(person);
});
