import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build-first.ts'],
    // For machines that do much else: what waits for an event ends with it, not with these.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Each file starts processes of its own: more at once than cores makes waits long.
    maxWorkers: 2,
  },
});
