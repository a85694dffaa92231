import { formatPercent, formatSeconds } from '../readable.js';
import type { Candidate } from './candidate.js';
import type { Judge } from './judge.js';

/** The mechanism that made the answer what it is. */
type Mechanism =
  | 'noLoad'
  | 'cpuContention'
  | 'randomness'
  | 'batches'
  | 'timeOfDay'
  | 'memory'
  | 'limits'
  | 'minimum';

export interface Why {
  mechanism: Mechanism;
  /** Three sentences that name it, with its numbers. */
  sentences: string[];
  offeredLoadErlangs: number;
  /** Erlangs at the busiest moment of the day, if no document had to wait. */
  busiestLoadErlangs: number;
  cpuLoadCores: number;
}

/** Why the answer is what it is, in three sentences that name what decides. */
export function explainWhy(judge: Judge, chosen: Candidate): Why {
  const { ratePerHour, serviceTimeMinutes, waitRatio, queueFactors } = judge.mid;
  const offeredLoadErlangs = (ratePerHour * serviceTimeMinutes) / 60;
  const mechanism = mechanismOf(judge, chosen);
  const documents =
    queueFactors === undefined
      ? `${read(serviceTimeMinutes)}-minute documents`
      : `Documents of ${read(serviceTimeMinutes)} minutes on average over the queues`;
  return {
    mechanism,
    sentences: [
      `${documents} at ${read(ratePerHour)} an hour are ` +
        `${read(offeredLoadErlangs)} erlangs of work: so many slots are busy on average.`,
      ...mechanismSentences(mechanism, judge, chosen),
    ],
    offeredLoadErlangs,
    busiestLoadErlangs: (judge.busiestRate() * serviceTimeMinutes) / 60,
    cpuLoadCores: offeredLoadErlangs / (1 + waitRatio),
  };
}

function mechanismOf(judge: Judge, chosen: Candidate): Mechanism {
  const { profile, mid } = judge;
  if (mid.ratePerHour === 0 && profile.bursts.length === 0) return 'noLoad';
  if (chosen.verdict === 'infeasible')
    return chosen.excuse?.code === 'tooMuchMemory' ? 'memory' : 'limits';
  if (chosen.stretch > 1.02) return 'cpuContention';
  if (judge.busiestRate() > 1.05 * mid.ratePerHour) return 'timeOfDay';
  if (profile.batchSize > 1) return 'batches';
  const fewer = chosen.replicas - 1;
  const enough = fewer >= 1 && judge.meets({ ...chosen, replicas: fewer });
  return enough || chosen.replicas === profile.fleet.minReplicas ? 'minimum' : 'randomness';
}

function mechanismSentences(mechanism: Mechanism, judge: Judge, chosen: Candidate): string[] {
  const { profile } = judge;
  const outcome = outcomeOf(chosen);
  switch (mechanism) {
    case 'noLoad':
      return ['Nothing arrives, so nothing waits.', 'The least that may run is the answer.'];
    case 'cpuContention':
      return [
        `What decides is that the ${chosen.concurrency} slots of a replica share ` +
          `${read(profile.container.cores)} cores: with all of them busy a document takes ` +
          `${read(chosen.stretch)} times as long as alone.`,
        outcome,
      ];
    case 'timeOfDay':
      return [
        `What decides is the time of day: the busiest moment loads the slots like ` +
          `${read(judge.busiestRate())} documents an hour that never end.`,
        outcome,
      ];
    case 'batches':
      return [
        `What decides is that documents come ${read(profile.batchSize)} at a time: the last of an ` +
          `upload waits for the others even when slots are free before it.`,
        outcome,
      ];
    case 'memory':
    case 'limits':
      return [
        `What decides is a limit: the deployment ${chosen.excuse?.sentence ?? 'can not be had.'}`,
        outcome,
      ];
    case 'minimum':
      return ['What decides is the least number of replicas: it is enough for this load.', outcome];
    case 'randomness':
      return [
        `What decides is chance: documents arrive at random, and slots that are just enough on ` +
          `average leave a queue that never ends, so some must be free most of the time.`,
        joined(oneFewer(judge, chosen), outcome),
      ];
  }
}

/** Two halves of one sentence, the first of which may be missing. */
function joined(first: string, second: string): string {
  return first === '' ? second : first + second.charAt(0).toLowerCase() + second.slice(1);
}

function outcomeOf({ slots, wait, utilization }: Candidate): string {
  const busy = `With ${slots} slots, ${formatPercent(utilization)} of them busy`;
  if (wait === undefined) return `${busy}, the backlog grows.`;
  const { pWait, p95WaitSeconds } = wait;
  const whose = wait.during === undefined ? 'the documents' : `those of ${wait.during.name}`;
  return `${busy}, ${formatPercent(pWait)} of ${whose} wait, and 95 % of all wait ${formatSeconds(p95WaitSeconds)} at most.`;
}

function oneFewer(judge: Judge, chosen: Candidate): string {
  if (chosen.replicas <= 1) return '';
  const { concurrency, replicas } = chosen;
  const fewer = judge.candidate({ concurrency, replicas: replicas - 1 });
  if (fewer.wait === undefined) return 'One replica fewer could not keep up; ';
  if (fewer.excuse === undefined) return '';
  if (fewer.excuse.code === 'missesTarget') {
    const target = formatSeconds(judge.targetSeconds());
    return `One replica fewer would make the p95 wait ${formatSeconds(fewer.wait.p95WaitSeconds)}, above ${target}; `;
  }
  return `One replica fewer would not do: ${fewer.excuse.sentence.slice(0, -1)}; `;
}

function read(value: number): string {
  return String(Number(value.toFixed(2)));
}
