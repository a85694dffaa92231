import type { Candidate } from '../../planning/capacity/candidate.js';
import { midPoint } from '../../planning/capacity/load-point.js';
import { midOf, type Profile } from '../../planning/capacity/profile.js';
import { uploadsAtOnce, type UploadsAtOnce } from '../../planning/guide/uploads.js';
import { slotThroughput } from '../../planning/queueing/contention.js';
import { deployment, paragraph, percent, seconds, section } from './layout.js';

/** So many documents at one moment on an idle deployment, cores shared as they are. */
export function uploadsOf(
  profile: Profile,
  { replicas, concurrency, slots }: Candidate,
  documents: number,
): UploadsAtOnce & { replicas: number; concurrency: number } {
  const alone = midPoint(profile).serviceTimeMinutes * 60;
  const { cores } = profile.container;
  const waitRatio = midOf(profile.waitRatio);
  const uploads = uploadsAtOnce(documents, slots, (running) => {
    const busy = Math.min(concurrency, Math.max(1, Math.ceil(running / replicas)));
    return alone * slotThroughput({ cores, slots: busy, waitRatio }).stretch;
  });
  return { replicas, concurrency, ...uploads };
}

export function renderUploads(uploads: ReturnType<typeof uploadsOf>): string {
  const { documents, running, waiting, slots } = uploads;
  const waves = uploads.waves.map(
    (wave) =>
      `${wave.documents} ${wave.waitSeconds === 0 ? 'start at once' : `wait ${seconds(wave.waitSeconds)}`}`,
  );
  return section(`${documents} documents at once on ${deployment(uploads)}`, [
    paragraph(
      '  ',
      `${running} of ${slots} slots run one (${percent(uploads.utilization)}, ${uploads.band}), ` +
        `${waiting} wait. When all take equally long: ${waves.slice(0, 8).join(', ')}${waves.length > 8 ? ', …' : ''}; ` +
        `the last is done after ${seconds(uploads.finishedAfterSeconds)}.`,
    ),
    paragraph(
      '  ',
      `When times vary like exponential ones: those that wait do so for ` +
        `${seconds(uploads.random.meanWaitOfWaitersSeconds)} on average, the last for ` +
        `${seconds(uploads.random.longestWaitSeconds)}; the last is done after ` +
        `${seconds(uploads.random.finishedAfterSeconds)}.`,
    ),
  ]);
}
