import {
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OtelSpan,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Span, SpanAttributes, SpanOptions, Telemetry } from '../../queues/telemetry.js';

const propagator = new W3CTraceContextPropagator();

/** BullMQ's telemetry interface on an OpenTelemetry tracer; jobs carry W3C trace context. */
export function otelTelemetry(tracer: Tracer): Telemetry {
  return {
    tracer: {
      startSpan: (name, options: SpanOptions, parent) =>
        new TracedSpan(tracer.startSpan(name, options, parent as Context)),
    },
    contextManager: {
      active: () => context.active(),
      getMetadata: (of) => {
        const carrier: Record<string, string> = {};
        propagator.inject(of as Context, carrier, defaultTextMapSetter);
        return JSON.stringify(carrier);
      },
      fromMetadata: (active, metadata) =>
        propagator.extract(
          active as Context,
          JSON.parse(metadata) as Record<string, string>,
          defaultTextMapGetter,
        ),
    },
  };
}

class TracedSpan implements Span {
  readonly #span: OtelSpan;

  constructor(span: OtelSpan) {
    this.#span = span;
  }

  setSpanOnContext(of: unknown): Context {
    return trace.setSpan(of as Context, this.#span);
  }

  setAttributes(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  recordException({ name, message }: { name: string; message: string }): void {
    this.#span.recordException({ name, message });
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  end(at?: number): void {
    this.#span.end(at);
  }
}
