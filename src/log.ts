import { pino } from 'pino';
import { oneMessage } from './shown-text.js';

/** Log lines of a long-running service: a sentence, and fields for machines. Never document content. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Record<string, string | number | boolean | undefined>;

export interface LoggerOptions {
  /** Named in every line. */
  service: string;
  /** A short sentence for people instead of JSON for machines. */
  human: boolean;
}

/** A logger that writes to standard error. */
export function createLogger({ service, human }: LoggerOptions): Logger {
  const options = {
    base: { service },
    formatters: { level: (level: string) => ({ level }) },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  const lines = human
    ? pino(options, { write: (line: string) => void process.stderr.write(humanLine(line)) })
    : pino(options, pino.destination({ dest: 2, sync: true }));
  return {
    info: (message, fields) => lines.info(fields ?? {}, message),
    warn: (message, fields) => lines.warn(fields ?? {}, message),
    error: (message, fields) => lines.error(fields ?? {}, message),
  };
}

function humanLine(json: string): string {
  const { level, time, msg } = JSON.parse(json) as { level: string; time: string; msg: string };
  const mark = level === 'info' ? '' : `${level}: `;
  return `${new Date(time).toTimeString().slice(0, 8)} ${mark}${oneMessage(msg)}\n`;
}
