#!/usr/bin/env node
import module from 'node:module';

// Newer Node keeps what it compiled for the next run; it has to know before the rest is loaded.
module.enableCompileCache?.();
await import('../dist/cli/main.js');
