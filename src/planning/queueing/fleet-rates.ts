/** Multiplications that the exact sum may cost, a few milliseconds. */
const EXACT_WORK = 1e6;
/** Slots of a replica up to which the weights of its states surely are numbers. */
const EXACT_SLOTS = 300;
/** Points between which the rate of a large fleet is taken as straight. */
const POINTS = 300;

/** Jobs per second that replicas finish together, by their number of busy slots. */
export type FleetRate = (busy: number) => number;

/**
 * How fast replicas are together. How busy slots are spread over them follows from chance: each new job
 * goes to any replica with a free slot, so given their number the replicas are as good as independent
 * (product form: Jackson 1963). Beside simulation this holds P(wait) within the simulation's interval,
 * where an even spread would miss a fifth of the waits at four replicas, and four fifths at ten.
 * Exact by convolution up to some thousand slots. In larger fleets only the mean number busy is held,
 * not the number itself, an error of the order of one over the number of replicas.
 * @param rates jobs per second of one replica by its busy slots.
 */
export function fleetRate(
  arrivalRate: number,
  replicas: number,
  rates: readonly number[],
): FleetRate {
  const slots = rates.length - 1;
  if (replicas === 1) return (busy) => rates[busy] ?? 0;
  if (slots > EXACT_SLOTS || (replicas * slots) ** 2 / 2 > EXACT_WORK)
    return byMeanBusy(replicas, rates);
  const exact = byConvolution(arrivalRate, replicas, rates);
  return (busy) => exact[busy - 1] ?? 0;
}

/** Slots up to which all states together, however improbable, have weights that are numbers. */
const WHOLE_RANGE = 300;

/** The same for any number of busy slots, the improbable ones included. */
export function fleetRateAnywhere(replicas: number, rates: readonly number[]): FleetRate {
  const slots = rates.length - 1;
  if (replicas === 1 || replicas * slots <= WHOLE_RANGE)
    return fleetRate((replicas * (rates[slots] ?? 0)) / 2, replicas, rates);
  return byMeanBusy(replicas, rates);
}

function byConvolution(arrivalRate: number, replicas: number, rates: readonly number[]): number[] {
  const share = arrivalRate / replicas;
  const one = [1];
  for (const rate of rates.slice(1)) one.push(((one.at(-1) ?? 0) * share) / rate);
  let others: Float64Array = Float64Array.of(1);
  for (let replica = 1; replica < replicas; replica++) others = scaled(convolve(others, one));
  const all = convolve(others, one);
  const withOneFree = convolve(others, one.slice(0, -1));
  const likely = all.findIndex((weight, i) => i > 0 && weight > 0);
  return Array.from(all.subarray(1), (weight, i) => {
    const rate = (arrivalRate * (withOneFree[i] ?? 0)) / weight;
    if (rate > 0 && Number.isFinite(rate)) return rate;
    // Too improbable for its weight to be a number: any rate of the right side will do.
    return i + 1 < likely ? 0 : replicas * (rates.at(-1) ?? 0);
  });
}

function convolve(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(a.length + b.length - 1);
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0;
    for (let j = 0; j < b.length; j++) sums[i + j] = (sums[i + j] ?? 0) + x * (b[j] ?? 0);
  }
  return sums;
}

/** Largest weight 1, so that none outgrows the range of a number. */
function scaled(weights: Float64Array): Float64Array {
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  return weights.map((weight) => weight / largest);
}

/** Each replica as if alone, at the arrival rate that keeps the wanted number of slots busy. */
function byMeanBusy(replicas: number, rates: readonly number[]): FleetRate {
  const slots = rates.length - 1;
  const [slowest = 0, fastest = 0] = [rates[1], rates[slots]];
  const busyAt = [0];
  const rateAt = [0];
  for (let i = 0; i <= POINTS; i++) {
    const arrivals = slowest * 1e-6 * ((1e9 * fastest) / slowest) ** (i / POINTS);
    const { busy, rate } = aloneAt(arrivals, rates);
    busyAt.push(busy * replicas);
    rateAt.push(rate * replicas);
  }
  busyAt.push(slots * replicas);
  rateAt.push(fastest * replicas);
  return (busy) => between(busyAt, rateAt, busy);
}

/** Mean busy slots and rate of one replica that turns jobs away when it is full. */
function aloneAt(arrivals: number, rates: readonly number[]): { busy: number; rate: number } {
  // Weights relative to the state before: Σ_j≤n p_j over p_n, so that nothing overflows.
  let mass = 1;
  let busy = 0;
  for (let n = 1; n < rates.length; n++) {
    mass = 1 + (mass * (rates[n] ?? 0)) / arrivals;
    busy += (n - busy) / mass;
  }
  return { busy, rate: arrivals * (1 - 1 / mass) };
}

/** Straight between the points of a rising table. */
function between(x: readonly number[], y: readonly number[], at: number): number {
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((x[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const [from = 0, to = 0] = [x[low], x[high]];
  const share = to > from ? (at - from) / (to - from) : 1;
  return (1 - share) * (y[low] ?? 0) + share * (y[high] ?? 0);
}
