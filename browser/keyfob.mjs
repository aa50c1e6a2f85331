// What every browser test needs: a Keyfob of its own, people who are signed in, and eyes on what goes wrong.
//
//   import { test, expect, axe } from '../keyfob.mjs';
//
//   test('Ines asks and Priya approves', async ({ as }) => {
//     const ines = await as('Ines Duarte');
//     const priya = await as('Priya Raman');
//     …
//     await axe(ines);
//   });
//
// `page` belongs to nobody yet. A page that logs an error or breaks the content security policy fails its test; a test
// that opens a page which answers 4xx says so before: `expected.push(/status of 409/)`.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test as base, expect } from '@playwright/test';

export { expect };

const BINARY = process.env.KEYFOB_TEST_BINARY ?? fileURLToPath(new URL('../target/debug/keyfob', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 10_000;
const WIDTHS = [1280, 390];
const SCHEMES = ['light', 'dark'];

export const test = base.extend({
  database: ['sqlite', { option: true }],

  // A demo of its own: `keyfob.url`, `keyfob.data`.
  keyfob: async ({ database }, use, testInfo) => {
    const keyfob = await start(database);
    try {
      await use(keyfob);
    } finally {
      await keyfob.stop();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('keyfob.log', { body: keyfob.log.join(''), contentType: 'text/plain' });
      }
    }
    expect(keyfob.stopped, 'Keyfob ends when it is told to').toBe(0);
  },

  baseURL: async ({ keyfob }, use) => use(keyfob.url),

  // What a page may complain about in this test, as regular expressions.
  expected: async ({}, use) => use([]),

  problems: async ({ expected }, use) => {
    const problems = [];
    await use(problems);
    const surprising = problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    expect(surprising, 'what the pages complained about').toEqual([]);
  },

  context: async ({ context, problems }, use) => {
    await watch(context, problems);
    await use(context);
  },

  // Opens a browser of somebody's own, signed in when `name` is given; `options` are those of a browser context.
  as: async ({ browser, contextOptions, baseURL, problems }, use) => {
    const contexts = [];
    await use(async (name, options = {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL, ...options });
      contexts.push(context);
      await watch(context, problems);
      const page = await context.newPage();
      if (name) {
        await signIn(page, name);
      }
      return page;
    });
    for (const context of contexts) {
      await context.close();
    }
  },
});

// Signs in as one of the demo's people, the way a person does.
export async function signIn(page, name) {
  await page.goto('/login');
  await page.getByRole('button', { name }).first().click();
  await expect(page).not.toHaveURL(/\/login/);
}

// Nobody is kept out, and nothing sticks out: in light and dark, on a desk and on a phone.
export async function axe(page) {
  const before = page.viewportSize();
  for (const colorScheme of SCHEMES) {
    for (const width of WIDTHS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      const where = `${page.url()} in ${colorScheme} at ${width} px`;
      const { violations } = await page.evaluate(() => window.axe.run());
      expect(violations.flatMap(described), `accessibility of ${where}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `pixels that stick out of ${where}`).toBeLessThanOrEqual(0);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize(before);
}

function described({ id, help, nodes }) {
  return nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}: ${node.failureSummary}`);
}

async function watch(context, problems) {
  // As an init script it is not subject to the page's policy, which stays in force.
  await context.addInitScript({ path: AXE });
  const note = (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error' || /Content Security Policy/.test(message.text())) {
        problems.push(`${page.url()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => problems.push(`${page.url()}: ${error}`));
  };
  context.pages().forEach(note);
  context.on('page', note);
}

async function start(database) {
  const data = await mkdtemp(join(tmpdir(), 'keyfob-browser-'));
  const own = database === 'postgres' ? await createDatabase() : undefined;
  const port = await freePort();
  const words = ['demo', '--data', data, '--port', `${port}`, ...(own ? ['--database', own.url] : [])];
  const child = spawn(BINARY, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  child.stdout.on('data', (text) => log.push(`${text}`));
  child.stderr.on('data', (text) => log.push(`${text}`));
  child.on('error', (error) => log.push(`${BINARY}: ${error.message}\n`));
  const keyfob = { url: `http://localhost:${port}`, data, log, stopped: undefined };
  keyfob.stop = async () => {
    keyfob.stopped ??= await stop(child);
    await rm(data, { recursive: true, force: true });
    await own?.drop();
  };
  try {
    await ready(child, keyfob.url);
  } catch (error) {
    await keyfob.stop();
    throw new Error(`${error.message}\n${log.join('')}`);
  }
  return keyfob;
}

async function ready(child, url) {
  for (const until = Date.now() + START_MS_MAX; Date.now() < until; await wait(20)) {
    if (child.exitCode !== null || child.pid === undefined) {
      throw new Error('Keyfob ended before it answered');
    }
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
  }
  throw new Error(`Keyfob does not answer within ${START_MS_MAX} ms`);
}

// Its exit code, or the signal that it took.
async function stop(child) {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const ended = once(child, 'exit');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }
  return child.exitCode ?? child.signalCode;
}

async function createDatabase() {
  const server = process.env.KEYFOB_TEST_POSTGRES;
  const name = `browser_${randomUUID().replaceAll('-', '')}`;
  const sql = (statement) => promisify(execFile)('psql', ['--no-psqlrc', '--quiet', '--command', statement, server]);
  await sql(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => sql(`drop database ${name} with (force)`) };
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
