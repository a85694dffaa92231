import * as z from 'zod';
import { DswError } from '../errors.js';
import { readEnvironment, type TracingEnvironment } from './environment.js';
import { strictObject } from './strict-object.js';

const httpUrl = z.url({ protocol: /^https?$/, error: 'an http:// or https:// address' });

/** Where traces of jobs go. The standard variables, OTEL_…, come before what stands here. */
export const tracingSettings = strictObject({
  /** An OTLP receiver, such as http://127.0.0.1:4318; without one, nothing is traced. */
  endpoint: httpUrl.optional(),
  /** What this system is called in traces; default: dsw-worker, dsw-beat or dsw-client. */
  serviceName: z.string().min(1).optional(),
  /** Spans that the receiver has not taken by then are lost: also how long they hold up an end. */
  timeoutSeconds: z.number().min(0.1).max(60).default(2),
});

export interface TracingTarget {
  /** Where spans are posted to; undefined when the standard variables say so themselves. */
  url: string | undefined;
  /** For a batch of spans. The standard variables come first here, too. */
  timeoutMs: number | undefined;
  /** Unless the standard variables say otherwise. */
  serviceName: string;
}

/**
 * Where this process's traces go; undefined when nowhere.
 * @param part what the process is, such as "worker".
 * @throws DswError `config` when a variable holds something unusable.
 */
export function tracingTarget(
  { endpoint, serviceName, timeoutSeconds }: z.infer<typeof tracingSettings>,
  part: string,
  environment: TracingEnvironment = readEnvironment().tracing,
): TracingTarget | undefined {
  if (environment.disabled) return undefined;
  const given = environment.endpoint;
  if (given === undefined && endpoint === undefined) return undefined;
  if (given !== undefined) checkAddress(given);
  checkProtocol(environment.protocol);
  if (environment.timeout !== undefined) checkTimeout(environment.timeout);
  return {
    url: given === undefined ? `${String(endpoint).replace(/\/+$/, '')}/v1/traces` : undefined,
    timeoutMs: environment.timeout === undefined ? timeoutSeconds * 1000 : undefined,
    serviceName: serviceName ?? `dsw-${part}`,
  };
}

function checkAddress({ name, value }: { name: string; value: string }): void {
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return;
  // It may hold a password.
  throw new DswError('config', `${name}: expected an http:// or https:// address`);
}

/** OpenTelemetry itself would take ten seconds instead. */
function checkTimeout({ name, value }: { name: string; value: string }): void {
  if (Number(value) > 0) return;
  throw new DswError('config', `${name}: expected milliseconds above 0, got "${value}"`);
}

function checkProtocol(protocol: string | undefined): void {
  if (protocol !== 'grpc') return;
  throw new DswError('config', 'OTEL_EXPORTER_OTLP_PROTOCOL: expected HTTP, got "grpc"', {
    hint: 'Set http/json and the HTTP port of your collector, most often 4318.',
  });
}
