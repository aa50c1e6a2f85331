// Writes docs/request.png, the picture in the README: a request of the demo while it is being set up.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium as playwright } from '@playwright/test';
import { chromium } from './support/chromium.mjs';
import { Keyfob } from './support/keyfob.mjs';

const keyfob = await Keyfob.demo();
const browser = await playwright.launch({ ...chromium, headless: true });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
  await page.goto(`${keyfob.url}/login?q=Tariq`);
  await page.getByRole('button', { name: /Tariq/ }).first().click();
  await page.goto(`${keyfob.url}/?section=requests`);
  await page.getByRole('link', { name: /GitHub/ }).first().click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  const docs = fileURLToPath(new URL('../docs/', import.meta.url));
  await mkdir(docs, { recursive: true });
  await page.screenshot({ path: `${docs}request.png` });
} finally {
  await browser.close();
  await keyfob.stop();
}
