/**
 * BullMQ's telemetry interface, as far as dsw calls it: whatever goes into a BullMQ Queue's
 * `telemetry` option goes here. Two things are optional on top: a start and an end in the past.
 */
export interface Telemetry {
  tracer: {
    startSpan(name: string, options: SpanOptions, context?: unknown): Span;
  };
  contextManager: {
    /** What the code that runs now is part of. */
    active(): unknown;
    /** A context in the form in which a job carries it. */
    getMetadata(context: unknown): string;
    fromMetadata(active: unknown, metadata: string): unknown;
  };
}

export interface SpanOptions {
  /** As in OpenTelemetry. */
  kind: SpanKind;
  /** Milliseconds since the epoch; default: now. */
  startTime?: number;
}

export interface Span {
  setSpanOnContext(context: unknown): unknown;
  setAttributes(attributes: SpanAttributes): void;
  /** Marks the span as failed. */
  recordException(exception: { name: string; message: string }): void;
  /** @param at milliseconds since the epoch; default: now. */
  end(at?: number): void;
}

export type SpanAttributes = Record<string, string | number | boolean>;

/** OpenTelemetry's numbers of what a span is to others. */
export const SPAN_KIND = { internal: 0, client: 2, producer: 3, consumer: 4 } as const;
export type SpanKind = (typeof SPAN_KIND)[keyof typeof SPAN_KIND];
