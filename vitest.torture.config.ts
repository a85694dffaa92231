import { defineConfig, mergeConfig } from 'vitest/config';
import everyday from './vitest.config.js';

// npm run torture:worker: what takes minutes. A short cut of each is among the everyday tests.
export default mergeConfig(
  { ...everyday, test: { ...everyday.test, include: [] } },
  defineConfig({
    test: { include: ['test/torture/**/*.torture.ts'], testTimeout: 600_000, hookTimeout: 120_000 },
  }),
);
