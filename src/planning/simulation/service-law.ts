import type { Random } from './random.js';

/**
 * Which distribution service times have. `auto`: constant for scv 0, exponential for scv 1, lognormal
 * else, as durations of real work mostly are.
 */
export type ServiceLaw =
  'auto' | 'deterministic' | 'exponential' | 'erlang' | 'lognormal' | 'hyperexponential';

/** A sampler of service times with mean 1 and that squared coefficient of variation. */
export function serviceSampler(law: ServiceLaw, scv: number, random: Random): () => number {
  if (law === 'deterministic' || scv === 0) return () => 1;
  if (law === 'exponential' || (law === 'auto' && scv === 1)) return () => random.exponential();
  if (law === 'erlang' && scv < 1) return erlangMixture(scv, random);
  if (law === 'hyperexponential' && scv > 1) return hyperexponential(scv, random);
  return lognormal(scv, random);
}

function lognormal(scv: number, random: Random): () => number {
  const variance = Math.log1p(scv);
  const deviation = Math.sqrt(variance);
  return () => Math.exp(deviation * random.normal() - variance / 2);
}

/** k − 1 or k exponential stages of equal length, 1/k ≤ scv < 1/(k − 1) (Tijms 1994, appendix B). */
function erlangMixture(scv: number, random: Random): () => number {
  const stages = Math.ceil(1 / scv);
  const fewer = (stages * scv - Math.sqrt(stages * (1 + scv) - stages * stages * scv)) / (1 + scv);
  const stageMean = 1 / (stages - fewer);
  return () => {
    const count = random.uniform() < fewer ? stages - 1 : stages;
    let sum = 0;
    for (let stage = 0; stage < count; stage++) sum += random.exponential();
    return sum * stageMean;
  };
}

/** Two exponentials that each bring half of the mean (balanced means). */
function hyperexponential(scv: number, random: Random): () => number {
  const share = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  return () =>
    random.uniform() < share
      ? random.exponential() / (2 * share)
      : random.exponential() / (2 * (1 - share));
}
