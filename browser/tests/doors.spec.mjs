// Signing in and out, and who may send forms.
import { Keyfob } from '../support/keyfob.mjs';
import { link } from '../support/pages.mjs';
import { EMPLOYEE, expect, signIn, test } from '../support/test.mjs';

const account = (page, name) => page.getByRole('button', { name: `Account menu for ${name}` });

// S0-25
test('a link to a request survives signing in', async ({ visit }) => {
  const page = await visit();
  await page.goto('/requests/KF-17?tab=audit');
  await expect(page).toHaveURL(/\/login\?next=/);
  await expect(page.getByText('You go straight there afterwards.')).toBeVisible();
  await page.getByRole('searchbox').fill('ines');
  await page.getByRole('button', { name: EMPLOYEE }).last().click();
  await expect(page).toHaveURL(/\/requests\/KF-17\?tab=audit$/);
});

test('nobody is sent elsewhere after signing in', async ({ visit }) => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    const page = await visit();
    await signIn(page, EMPLOYEE, next);
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/$/);
  }
});

test('signing out ends the session on the server, too', async ({ as, visit }) => {
  const page = await as(EMPLOYEE);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: '__Host-keyfob', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  await account(page, EMPLOYEE).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/login$/);
  expect(await page.context().cookies()).toEqual([]);
  const thief = await visit();
  await thief.context().addCookies([cookie]);
  await thief.goto('/tasks');
  await expect(thief).toHaveURL(/\/login\?next=/);
});

test('a form that another site sends is refused', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.route('http://evil.example/**', route => route.fulfill({
    contentType: 'text/html',
    body: `<!doctype html><title>Prize</title><form method="post" action="${new URL('/requests/KF-17/cancel', page.url())}">
      <button>Win</button></form>`,
  }));
  await page.goto('http://evil.example/');
  await page.getByRole('button', { name: 'Win' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/Not allowed|Who do you want to be/);
  await page.goto('/requests/KF-17');
  await expect(page.locator('#stats')).toContainText('Waiting for approval');
});

test('what does not come from a page of ours is refused', async ({ as, keyfob }) => {
  const page = await as(EMPLOYEE);
  const post = headers => page.request.post('/requests/KF-17/cancel', { headers, form: { reason: '' }, maxRedirects: 0 });
  const origin = keyfob.url;
  expect((await post({ 'sec-fetch-site': 'cross-site', origin })).status()).toBe(403);
  expect((await post({ 'sec-fetch-site': 'same-site', origin })).status()).toBe(403);
  expect((await post({ origin: 'http://evil.example' })).status()).toBe(403);
  expect((await post({ origin: 'null' })).status()).toBe(403);
  expect((await post({})).status()).toBe(403);
  await page.goto('/requests/KF-17');
  await expect(page.locator('#stats')).toContainText('Waiting for approval');
  expect((await post({ origin })).status()).toBe(303);
});

// I57
test('a sign-in link works once, and opening it does not use it up', async ({ visit, keyfob }) => {
  const address = await link(keyfob);
  for (const look of [1, 2]) {
    const scanner = await visit();
    await scanner.goto(address);
    await expect(scanner.getByRole('button', { name: 'Sign in' }), `look ${look}`).toBeVisible();
  }
  const page = await visit();
  await page.goto(address);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(account(page, EMPLOYEE)).toBeVisible();
  const late = await visit();
  await late.goto(address);
  await expect(late.getByRole('alert')).toContainText('used already');
});

test('the set-up link makes the first Super Admin, once', async ({ visit }) => {
  const keyfob = await Keyfob.serve();
  try {
    const address = keyfob.log.match(/^Set Keyfob up at (\S+)/m)[1];
    const page = await visit({ baseURL: keyfob.url });
    await page.goto('/');
    await expect(page).toHaveURL(/\/login/);
    await expect(page.getByText('You sign in with a link that works once.')).toBeVisible();
    await page.goto(address);
    await page.getByLabel('Your name').fill('   ');
    await page.getByLabel('Work email').fill('vera@example.com');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel('Work email')).toHaveValue('vera@example.com');
    await page.getByLabel('Your name').fill('Vera Lind');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await expect(account(page, 'Vera Lind')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Tickets' })).toBeVisible();
    const late = await visit({ baseURL: keyfob.url });
    await late.goto(address);
    await expect(late.getByRole('alert')).toContainText('used already');
  } finally {
    await keyfob.stop();
  }
});

test('one-click sign-in is not there outside the demo', async ({ visit }) => {
  const keyfob = await Keyfob.serve();
  try {
    const page = await visit({ baseURL: keyfob.url });
    const headers = { origin: keyfob.url };
    expect((await page.request.post('/login/demo', { headers, form: { user: 'usr_0' } })).status()).toBe(404);
    expect((await page.request.post('/demo/clock', { headers, form: { by: 'P1D' } })).status()).toBe(404);
  } finally {
    await keyfob.stop();
  }
});
