import { EMPLOYEE, expect, test } from '../support/test.mjs';

test('somebody signs in with one click', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What do you need access to?');
});
