import { packageVersion } from '../../config/package-root.js';
import type { Settings } from '../../config/settings.js';
import { tracingTarget, type TracingTarget } from '../../config/tracing-settings.js';
import type { Logger } from '../../log.js';
import type { Telemetry } from '../../queues/telemetry.js';

type TracingLog = Pick<Logger, 'info' | 'warn'>;

interface Tracing {
  telemetry: Telemetry;
  /** Sends what is left, as long as one batch may take. */
  close(): Promise<void>;
}

/**
 * Does work that is traced by OpenTelemetry when settings or environment name a receiver; else it is
 * given no telemetry, and nothing of it is loaded.
 * @param part what this process is: "worker", "beat", "client".
 * @throws DswError `config` when the receiver is none.
 */
export async function withTracing(
  { tracing }: Pick<Settings, 'tracing'>,
  part: string,
  log: TracingLog,
  work: (telemetry: Telemetry | undefined) => Promise<void>,
): Promise<void> {
  const target = tracingTarget(tracing, part);
  if (!target) {
    await work(undefined);
    return;
  }
  const { telemetry, close } = await openTracing(target, log);
  try {
    await work(telemetry);
  } finally {
    await close();
  }
}

async function openTracing(
  { url, timeoutMs, serviceName }: TracingTarget,
  log: TracingLog,
): Promise<Tracing> {
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    await import('@opentelemetry/resources');
  const { otelTelemetry } = await import('./otel-telemetry.js');
  const { ToldExporter } = await import('./told-exporter.js');
  const version = packageVersion();
  const exporter = new OTLPTraceExporter({
    ...(url === undefined ? {} : { url }),
    ...(timeoutMs === undefined ? {} : { timeoutMillis: timeoutMs }),
  });
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new ToldExporter(exporter, log))],
  });
  return {
    telemetry: otelTelemetry(provider.getTracer('dsw', version)),
    close: () => provider.shutdown().catch(() => undefined),
  };
}
