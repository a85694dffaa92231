import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build-first.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Each file starts processes of its own: more at once than cores makes waits long.
    maxWorkers: 2,
  },
});
