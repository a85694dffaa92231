import { utilizationBand, utilizationOf, type UtilizationBand } from '../utilization.js';

/** Documents of one upload that start together, and so wait equally long. */
interface Wave {
  documents: number;
  waitSeconds: number;
}

/** So many documents uploaded at one moment to idle slots. */
export interface UploadsAtOnce {
  documents: number;
  slots: number;
  running: number;
  waiting: number;
  utilization: number;
  band: UtilizationBand['name'];
  /** When every document takes equally long: as many waves as it takes. */
  waves: Wave[];
  meanWaitSeconds: number;
  meanWaitOfWaitersSeconds: number;
  longestWaitSeconds: number;
  finishedAfterSeconds: number;
  /** The same on average when times are exponential: the i-th to wait starts after i departures. */
  random: {
    meanWaitSeconds: number;
    meanWaitOfWaitersSeconds: number;
    longestWaitSeconds: number;
    finishedAfterSeconds: number;
  };
}

/**
 * What happens to documents that are uploaded all at once, and nothing else arrives.
 * @param serviceSeconds time of a document with so many running (constant as the guides have it;
 *   longer with more of them when slots share cores).
 */
export function uploadsAtOnce(
  documents: number,
  slots: number,
  serviceSeconds: (running: number) => number,
): UploadsAtOnce {
  const running = Math.min(documents, slots);
  const utilization = utilizationOf(running, slots);
  return {
    documents,
    slots,
    running,
    waiting: documents - running,
    utilization,
    band: utilizationBand(utilization).name,
    ...inWaves(documents, slots, serviceSeconds),
    random: atRandom(documents, slots, serviceSeconds),
  };
}

function inWaves(
  documents: number,
  slots: number,
  serviceSeconds: (running: number) => number,
): Pick<
  UploadsAtOnce,
  | 'waves'
  | 'meanWaitSeconds'
  | 'meanWaitOfWaitersSeconds'
  | 'longestWaitSeconds'
  | 'finishedAfterSeconds'
> {
  const waves: Wave[] = [];
  let clock = 0;
  let waited = 0;
  for (let left = documents; left > 0; left -= slots) {
    const wave = { documents: Math.min(left, slots), waitSeconds: clock };
    waves.push(wave);
    waited += wave.documents * clock;
    clock += serviceSeconds(wave.documents);
  }
  return {
    waves,
    meanWaitSeconds: share(waited, documents),
    meanWaitOfWaitersSeconds: share(waited, Math.max(0, documents - slots)),
    longestWaitSeconds: waves.at(-1)?.waitSeconds ?? 0,
    finishedAfterSeconds: clock,
  };
}

function atRandom(
  documents: number,
  slots: number,
  serviceSeconds: (running: number) => number,
): UploadsAtOnce['random'] {
  const busy = Math.min(documents, slots);
  const waiting = documents - busy;
  const perDeparture = serviceSeconds(slots) / slots;
  const waited = (perDeparture * waiting * (waiting + 1)) / 2;
  let lastOnes = 0;
  for (let running = busy; running > 0; running--) lastOnes += serviceSeconds(running) / running;
  return {
    meanWaitSeconds: share(waited, documents),
    meanWaitOfWaitersSeconds: share(waited, waiting),
    longestWaitSeconds: waiting * perDeparture,
    finishedAfterSeconds: waiting * perDeparture + lastOnes,
  };
}

function share(total: number, count: number): number {
  return count > 0 ? total / count : 0;
}
