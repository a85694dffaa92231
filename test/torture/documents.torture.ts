import { expect, it } from 'vitest';
import { DocumentSlot } from '../support/document-slot.js';
import { newTally, seedlings, torture } from '../support/document-torture.js';

// npm run torture:documents. DSW_TORTURE_SECONDS says how long; DSW_TORTURE_SEED and
// DSW_TORTURE_CASE repeat one case that failed.
const seconds = Number(process.env.DSW_TORTURE_SECONDS ?? 120);
const seed = Number(process.env.DSW_TORTURE_SEED ?? Date.now() % 1_000_000);
const only = process.env.DSW_TORTURE_CASE;
const MAX_FAILURES = 20;

async function startSlot(): Promise<DocumentSlot> {
  const slot = new DocumentSlot({ limits: { maxPixelsPerPage: 2_000_000 } });
  await slot.slot.start();
  return slot;
}

it(
  'answers every damaged document with its text or one line',
  async () => {
    const seeds = await seedlings();
    const tally = newTally();
    const failures: string[] = [];
    const end = Date.now() + seconds * 1000;
    let slot = await startSlot();
    for (let number = Number(only ?? 0); Date.now() < end; number++) {
      try {
        await torture(slot, seeds, { seed, number, tally });
      } catch (error) {
        failures.push(String(error));
        await slot.stop();
        slot = await startSlot();
      }
      if (only !== undefined || failures.length === MAX_FAILURES) break;
    }
    await slot.stop();
    process.stderr.write(`seed ${seed}: ${JSON.stringify(tally)}\n`);
    expect(failures).toEqual([]);
    if (only === undefined) expect(Math.min(tally.read, tally.refused)).toBeGreaterThan(0);
  },
  2 ** 31 - 1,
);
