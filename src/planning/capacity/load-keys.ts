import type { DeploymentWaits } from './deployment-waits.js';
import type { LoadPoint } from './load-point.js';
import type { Deployment } from './profile.js';

/** What a refuted formula says of: as many slots a replica, in equilibrium or not. */
export function correctionKey({ concurrency }: Deployment, { overall }: DeploymentWaits): string {
  return `${concurrency}${overall?.during === undefined ? '' : ' changing'}`;
}

/** Of a case, and perhaps of a deployment under it. */
export function keyOf(point: LoadPoint, deployment?: Deployment): string {
  const { ratePerHour, serviceTimeMinutes, serviceTimeScv, waitRatio } = point;
  const { replicas, concurrency } = deployment ?? { replicas: 0, concurrency: 0 };
  return [ratePerHour, serviceTimeMinutes, serviceTimeScv, waitRatio, replicas, concurrency].join();
}
