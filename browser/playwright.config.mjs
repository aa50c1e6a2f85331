import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium.mjs';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'results',
  // Every test has a company of its own, so they may run side by side.
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  reporter: [['list']],
  timeout: 40_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    launchOptions: chromium,
    viewport: { width: 1280, height: 900 },
    actionTimeout: 10_000,
    // Colours and places are read when they stand still.
    contextOptions: { reducedMotion: 'reduce' },
  },
});
