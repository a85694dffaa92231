import { mkdtempSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeError } from '../../src/cli/failure.js';
import { DswError } from '../../src/errors.js';

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

it.each<[() => unknown, string]>([
  [() => readFileSync('/nowhere/a'), 'dsw: no such file: /nowhere/a'],
  [() => readFileSync('/dev/null/a'), 'dsw: expected a folder, got a file: /dev/null/a'],
  [() => mkdtempSync('/nowhere/b'), 'dsw: no such file: /nowhere/bXXXXXX'],
])('says what the system refuses in words, without a stack', (call, line) => {
  expect(describeError(thrownBy(call), false)).toBe(line);
});

it('shows nothing that moves the cursor, and keeps the lines of several problems', () => {
  const error = new DswError('config', 'a\u001b[31m: no such file\nb: unknown\u202e', {
    hint: 'h',
  });
  expect(describeError(error, false)).toBe('dsw: a\ufffd[31m: no such file\nb: unknown\ufffd\n  h');
});

it('shows the stack only to who debugs dsw', () => {
  expect(describeError(new DswError('failed', 'x'), true)).toMatch(/^DswError: x\n {4}at /);
});

it('calls only what nobody foresaw a fault', () => {
  expect(describeError(new TypeError('x is not a function'), false)).toBe(
    'dsw: x is not a function\n  This is a fault in dsw; DSW_DEBUG=1 shows where.',
  );
});
