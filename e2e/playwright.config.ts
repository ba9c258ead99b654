import { defineConfig, devices } from '@playwright/test'

const executablePath = process.env['CHROME_PATH']

// Starts nothing by itself: a test file starts the product that it walks through, on free ports and a folder of its own.
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 120_000,
  // For a machine that does much else: a page that never gets there fails all the same.
  expect: { timeout: 30_000 },
  // A flake is a bug: it is never hidden by a second try.
  retries: 0,
  workers: 1,
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // Chromium's sandbox does not start as root; the second flag keeps it from calling home.
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
      ],
    },
  },
})
