import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Two cores are the smallest machine that the suite is run on; end-to-end tests start real processes of their own.
    maxWorkers: 2,
    // End-to-end tests hold real processes to their word on machines that others use too: CI asks again before it believes a failure.
    retry: process.env.CI ? 2 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default'],
  },
});
