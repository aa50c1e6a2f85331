// T17: what people write is text everywhere, whatever it looks like.
import { EMPLOYEE, MANAGER, expect, test } from '../support/test.mjs';
import { ask } from '../support/acts.mjs';

const CORPUS = [
  '<script>document.title = "taken"</script>',
  '<img src=x onerror="document.title = \'taken\'">',
  '"><svg onload=document.title="taken">',
  '</textarea></blockquote><h1>Approved</h1>',
  '<a href="javascript:document.title=1">click</a>',
  '[click](javascript:document.title=1) ![](http://evil.example/x.png)',
  '{{ 7 * 7 }} {% include "/etc/passwd" %} ${7*7}',
  '&lt;b&gt; &amp;amp; &#60;i&#62;',
  '<!-- --> <style>body { display: none }</style>',
  '\' onmouseover=\'document.title=1',
  'Ünïcödé 日本語 العربية 🔑',
];

test('markup in a reason and in a comment stays text on every page', async ({ as }) => {
  const text = CORPUS.join('\n');
  const employee = await as(EMPLOYEE);
  const requests = [];
  employee.on('request', request => requests.push(request.url()));
  const number = await ask(employee, 'github/write', text);
  await employee.getByLabel('Add a comment').fill(text);
  await employee.getByRole('button', { name: 'Comment' }).click();
  await expect(employee.locator('.thread > li')).toHaveCount(1);
  const manager = await as(MANAGER);
  const seen = [
    [employee, `/requests/${number}`], [employee, `/requests/${number}?tab=audit`], [employee, `/requests/${number}/edit`],
    [manager, '/tasks'], [manager, `/tasks/${number}`], [manager, '/?section=tickets'], [manager, `/requests/${number}`],
  ];
  for (const [page, path] of seen) {
    await page.goto(path);
    expect(await page.title(), path).not.toBe('taken');
    await expect(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
    await expect(page.locator('main img, main style, main script, main a[href^="javascript:"], main [onload], main [onerror]'), path).toHaveCount(0);
    if (path.endsWith('/edit')) continue;
    for (const line of path === '/tasks' ? CORPUS.slice(0, 2) : CORPUS.slice(0, 1)) {
      await expect(page.getByText(line, { exact: false }).first(), path).toBeVisible();
    }
  }
  await employee.goto(`/requests/${number}`);
  const comment = employee.locator('.thread > li > div > div');
  expect((await comment.innerText()).split('\n')).toEqual(CORPUS);
  expect(requests.filter(url => url.includes('evil.example'))).toEqual([]);
});

test('markup in what was typed is still there, as text, when a form is refused', async ({ as }) => {
  const page = await as(EMPLOYEE);
  await page.goto('/request?entitlement=snowflake/analyst-prod');
  await page.getByText('Custom', { exact: true }).click();
  await page.getByRole('spinbutton', { name: 'Number' }).fill('99999');
  await page.getByLabel('Justification').fill(CORPUS.join('\n'));
  await page.getByRole('button', { name: 'Submit request' }).last().click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Justification')).toHaveValue(CORPUS.join('\n'));
  await page.goto(`/browse?q=${encodeURIComponent(CORPUS[2])}`);
  await expect(page.getByRole('searchbox')).toHaveValue(CORPUS[2]);
  await expect(page.getByText('No app fits', { exact: true })).toBeVisible();
});

test('characters that cannot be seen are refused with a sentence, and nothing typed is lost', async ({ as }) => {
  const page = await as(EMPLOYEE);
  for (const hidden of ['\u202e', '\u2066', '\u0007']) {
    await page.goto('/requests/KF-17');
    const text = `A harmless${hidden} sentence`;
    await page.getByLabel('Add a comment').evaluate((field, value) => { field.value = value; }, text);
    await page.getByRole('button', { name: 'Comment' }).click();
    await expect(page.getByRole('alert')).toContainText('There are characters in it that cannot be seen');
    await expect(page.getByLabel('Add a comment')).toHaveValue(text);
  }
});
