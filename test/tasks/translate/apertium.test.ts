import { describe, expect, it, onTestFinished } from 'vitest';
import { Apertium, hasApertium } from '../../../src/tasks/translate/apertium.js';
import { Programs } from '../../../src/worker/programs.js';

const direction = { from: 'en', to: 'es' };
const { signal } = new AbortController();

function startApertium(): Apertium {
  const programs = new Programs();
  onTestFinished(() => programs.stop());
  return new Apertium(programs);
}

// Debian: apt install apertium apertium-eng-spa, which npm test does where it may.
describe.skipIf(!hasApertium(direction))('Apertium on this machine', () => {
  it('translates, each text by itself, with signs of its own format in them', async () => {
    const translated = await startApertium().translate(
      ['Good morning.', 'Take [two] tablets: 5 mg / day @ 8', '{x} \\ <b> ^y$'],
      direction,
      { signal },
    );
    expect(translated).toEqual([
      'Buenos días.',
      'Toma [dos] pastillas: 5 mg / día @ 8',
      '{x} \\ <b> ^y$',
    ]);
  });

  it('says which directions it has', async () => {
    const description = await startApertium().describe();
    expect(description).toMatchObject({ problem: undefined, name: 'apertium' });
    expect(description.directions).toContain('eng>spa');
    expect(description.version).toMatch(/^\d+\.\d+/);
  });
});

describe('Apertium', () => {
  it('refuses a direction that it lacks, for good', async () => {
    const refused = startApertium().translate(['a'], { from: 'en', to: 'tlh' }, { signal });
    await expect(refused).rejects.toMatchObject({
      name: 'UnrecoverableError',
      message: 'apertium has no language pair for en into tlh here',
    });
  });
});
