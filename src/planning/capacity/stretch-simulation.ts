import type { StretchSimulation } from '../simulation/simulate-stretch.js';
import type { SimulationInput } from '../simulation/simulation-input.js';
import { dayStretches, ratesInParts, type DayStretch } from './day-shape.js';
import type { OverallWait, WaitQuestion } from './deployment-waits.js';

const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;
const MINUTES = 1440;
/** Service times (and their like, where they vary more) after which an empty start is forgotten. */
const SERVICES_TO_FILL = 5;
/** The same in relaxation times of the queue. */
const RELAXATIONS = 4;
/** Seconds before a stretch that are simulated, at most. */
const LONGEST_RUN_UP = 3 * DAY_SECONDS;
/** Fewer tell too little. */
const FEWEST_RUNS = 20;
const MOST_RUNS = 4000;
/** What it costs to pass over a moment at which no job comes after all, beside a job. */
const PASSED_OVER = 0.1;

/**
 * A simulation of one stretch of the day, from so long before it that the empty start is forgotten.
 * @param load what serves so many jobs a second, on the average of the day.
 * @param jobs that may be simulated; undefined is returned when so few would tell nothing.
 */
export function stretchSimulation(
  { shape, point, batchSize }: WaitQuestion,
  load: (jobsPerSecond: number) => SimulationInput,
  capacityPerHour: number,
  { during, followedSeconds = 0 }: OverallWait & { during: DayStretch },
  jobs: number,
): StretchSimulation | undefined {
  const day = ratesInParts(dayStretches(shape, point.ratePerHour), MINUTES);
  const before =
    followedSeconds +
    runUpSeconds(day, point.serviceTimeMinutes * 60, {
      step: (point.serviceTimeScv + 2 * batchSize - 1) / 2,
      perSecond: capacityPerHour / 3600,
    });
  const first = Math.floor((during.fromSeconds - before) / MINUTE_SECONDS);
  const from = Math.floor(during.fromSeconds / MINUTE_SECONDS) - first;
  const to = from + Math.ceil(during.seconds / MINUTE_SECONDS);
  const rates = day.map((_, i) => day[(((first + i) % MINUTES) + MINUTES) % MINUTES] ?? 0);
  const highest = Math.max(...rates);
  const arriving = rates.reduce((sum, rate) => sum + rate, 0) / MINUTES;
  const minutes = Array.from({ length: to }, (_, i) => rates[i % MINUTES] ?? 0);
  const perRun =
    MINUTE_SECONDS * minutes.reduce((sum, rate) => sum + rate + PASSED_OVER * (highest - rate), 0);
  const runs = Math.min(MOST_RUNS, Math.floor(jobs / perRun));
  if (runs < FEWEST_RUNS) return undefined;
  return {
    load: {
      ...load(arriving),
      rateFactors: { cycleSeconds: DAY_SECONDS, factors: rates.map((rate) => rate / arriving) },
    },
    from: from * MINUTE_SECONDS,
    to: to * MINUTE_SECONDS,
    runs,
  };
}

/** A relaxation time is that of M/M/1, which bounds that of more servers (Abate and Whitt 1987). */
function runUpSeconds(
  rates: readonly number[],
  serviceSeconds: number,
  { step, perSecond }: { step: number; perSecond: number },
): number {
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const relaxation = step / perSecond / (1 - Math.sqrt(Math.min(0.999, mean / perSecond))) ** 2;
  const filling = SERVICES_TO_FILL * Math.max(1, step) * serviceSeconds;
  return Math.min(LONGEST_RUN_UP, filling + RELAXATIONS * relaxation);
}
