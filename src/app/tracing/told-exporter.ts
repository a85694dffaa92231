import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../../log.js';

/** An exporter that tells the log, once for each outage, that traces don't arrive. */
export class ToldExporter implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  #isCut = false;

  constructor(exporter: SpanExporter, log: Pick<Logger, 'info' | 'warn'>) {
    this.#exporter = exporter;
    this.#log = log;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      this.#tell(result);
      done(result);
    });
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  #tell({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed && !this.#isCut)
      this.#log.warn(`traces do not arrive: ${reasonOf(error)}; jobs go on, their spans are lost`);
    if (!failed && this.#isCut) this.#log.info('traces arrive again');
    this.#isCut = failed;
  }
}

/** An answer's text may be long, and is somebody else's. */
function reasonOf(error: Error | undefined): string {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code === 'string') return code;
  if (typeof code === 'number') return `the receiver answered ${code}`;
  return error?.message.split('\n')[0]?.slice(0, 120) ?? 'no answer';
}
