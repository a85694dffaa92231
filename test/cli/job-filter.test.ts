import { describe, expect, it } from 'vitest';
import { readTargets } from '../../src/cli/job-filter.js';

const refusal = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'none';
};

describe('readTargets', () => {
  it.each([
    [[], { kind: 'discard' }, {}, 'discard: expected job ids or a filter, got neither'],
    [['j1'], { kind: 'retry' }, { task: 'ocr' }, 'retry: expected job ids or a filter, got both'],
    [
      [],
      { kind: 'cancel' },
      { state: ['waiting', 'done'] },
      'cancel --state: expected some of waiting, running, delayed, got "done"',
    ],
    [
      [],
      { kind: 'move', to: 'default' },
      { state: ['completed'] },
      '--state: expected one of waiting, running, delayed, done, dead, got "completed"',
    ],
    [
      [],
      { kind: 'retry' },
      { queue: ['urgent'] },
      '--queue: expected one of high_priority, default, low_priority, maintenance, got "urgent"',
    ],
  ] as const)('%j %j %j: %s', (ids, action, flags, message) => {
    const { state, queue, task } = {
      state: undefined,
      queue: undefined,
      task: undefined,
      ...flags,
    };
    const given = {
      ...(state === undefined ? {} : { state: [...state] }),
      ...(queue === undefined ? {} : { queue: [...queue] }),
      ...(task === undefined ? {} : { task }),
    };
    expect(refusal(() => readTargets(ids, action, given))).toBe(message);
  });

  it('takes the states that an action is for; delayed jobs are retried only when asked for', () => {
    expect(readTargets([], { kind: 'retry' }, { task: 'ocr' })?.states).toEqual(['dead']);
    expect(readTargets([], { kind: 'retry' }, { state: ['delayed'] })?.states).toEqual(['delayed']);
    expect(readTargets([], { kind: 'discard' }, { error: 'x' })?.states).not.toContain('running');
    const move = readTargets([], { kind: 'move', to: 'default' }, { task: 'ocr' });
    expect(move?.queues).toEqual(['high_priority', 'low_priority', 'maintenance']);
    expect(readTargets(['j1'], { kind: 'retry' }, {})).toBeUndefined();
  });
});
