import { DswError } from '../../errors.js';

/** Refuses anything but a whole number of at least `least`. */
export function requireWhole(name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    refuse(name, `a whole number of at least ${least}`, value);
  }
}

export function requireNonNegative(name: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) refuse(name, 'a number of at least 0', value);
}

export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) refuse(name, 'a number above 0', value);
}

export function requireAtLeastOne(name: string, value: number): void {
  if (!(value >= 1 && Number.isFinite(value))) refuse(name, 'a number of at least 1', value);
}

export function requireProbability(name: string, value: number): void {
  if (!(value >= 0 && value < 1)) refuse(name, 'a number of at least 0 and below 1', value);
}

/** Refuses a load that the servers can't keep up with, where there is no equilibrium to start from. */
export function requireBelow(name: string, value: number, limit: number): void {
  if (!(value < limit)) refuse(name, `a number below ${limit}`, value);
}

function refuse(name: string, expected: string, got: number): never {
  throw new DswError('usage', `${name}: expected ${expected}, got ${got}.`);
}
