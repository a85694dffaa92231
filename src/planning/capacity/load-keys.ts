import type { DeploymentWaits } from './deployment-waits.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment } from './profile.js';

/** What a refuted formula says of: as many slots a replica, in equilibrium or not. */
export function correctionKey({ concurrency }: Deployment, { overall }: DeploymentWaits): string {
  return `${concurrency}${overall?.during === undefined ? '' : ' changing'}`;
}

/** Of a deployment in one case. */
export function keyOf(point: LoadPoint, { replicas, concurrency }: Deployment): string {
  const { ratePerHour, serviceTimeMinutes, serviceTimeScv, waitRatio } = point;
  return [ratePerHour, serviceTimeMinutes, serviceTimeScv, waitRatio, replicas, concurrency].join();
}
