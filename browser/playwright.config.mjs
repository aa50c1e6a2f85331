// What `cargo xtask test` runs in a browser: every test on SQLite, and on PostgreSQL where the tests have one.
import { defineConfig } from '@playwright/test';

const projects = [{ name: 'sqlite', use: { database: 'sqlite' } }];
if (process.env.KEYFOB_TEST_POSTGRES) {
  projects.push({ name: 'postgres', use: { database: 'postgres' } });
}

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  projects,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    // Colours that fade in would be measured half way.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.KEYFOB_TEST_CHROMIUM ?? '/usr/bin/chromium',
      // Nothing but our own pages is opened, so there is nothing to be kept in a sandbox, which root could not have.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
