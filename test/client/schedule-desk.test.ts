import { expect, it } from 'vitest';
import { ScheduleDesk } from '../../src/client/schedule-desk.js';
import { useRedis } from '../support/redis.js';
import { scheduleOf } from '../support/schedules.js';

const redis = useRedis();
const hourly = scheduleOf();

it('shows what was paused before any beat has run', async () => {
  const desk = await ScheduleDesk.open(redis.url, redis.prefix());
  expect(await desk.pause('hourly', [hourly])).toBe(true);
  const { schedules } = await desk.list([hourly, { ...hourly, name: 'other' }], 2);
  expect(schedules.map(({ name, paused, nextDueTimes }) => [name, paused, nextDueTimes])).toEqual([
    ['hourly', true, []],
    ['other', false, [expect.any(Number), expect.any(Number)]],
  ]);
  await desk.close();
});
