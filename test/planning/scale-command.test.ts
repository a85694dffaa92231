import { expect, it } from 'vitest';
import { scaleCommand } from '../../src/planning/scale-command.js';
import { workerSnapshot } from '../support/snapshots.js';

const supervisor = (id: string, replicas: number) => ({
  id,
  host: 'host-1',
  pid: 1,
  startedAt: 0,
  replicas,
});
const three = [0, 3, 1].map((busy, i) => workerSnapshot({ id: `w${i}`, busy }));
const platform = (replicas: number) =>
  `set the replicas to ${replicas} where your platform starts them`;

it.each([
  ['a supervisor keeps all', [supervisor('s1', 3)], 4, 'dsw worker scale 4'],
  [
    'one of them is being started again',
    [supervisor('s1', 4)],
    4,
    'wait: s1 keeps 4 and starts what is missing again, else see its log',
  ],
  ['a supervisor keeps some', [supervisor('s1', 1)], 4, 'dsw worker scale 2'],
  [
    'two keep them, one more',
    [supervisor('s1', 2), supervisor('s2', 1)],
    4,
    'dsw worker scale 2 s2',
  ],
  [
    'two keep them, one fewer',
    [supervisor('s1', 2), supervisor('s2', 1)],
    2,
    'dsw worker scale 1 s1',
  ],
  ['a platform does, one more', [], 4, `start one more: dsw worker; or ${platform(4)}`],
  ['a platform does, two more', [], 5, `start 2 more: dsw worker; or ${platform(5)}`],
  ['a platform does, fewer', [], 1, `dsw worker drain w0 w2; or ${platform(1)}`],
])('%s', (_, supervisors, replicas, command) => {
  expect(scaleCommand({ workers: three, supervisors }, replicas)).toBe(command);
});
