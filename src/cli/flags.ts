import { InvalidArgumentError, type Command } from 'commander';
import type { ListenAddress } from '../monitor/http-server.js';
import type { SettingFlags } from '../config/load-settings.js';
import { parseDuration } from '../config/parse-duration.js';
import { MAX_REPLICAS, MAX_SLOTS } from '../config/worker-bounds.js';

/** The flags that say which system a command speaks of. */
export function addSystemFlags(command: Command): Command {
  return command
    .option('--redis <url>', 'Redis address (default: REDIS_URL, or the private Redis of "dsw up")')
    .option('--prefix <name>', 'namespace of the keys in Redis')
    .option('--config <file>', 'settings file (default: dsw.yaml, if there is one)');
}

export function addStoreFlag(command: Command): Command {
  return command.option('--store <url>', 'document store (default: file:.dsw/documents)');
}

export function addConcurrencyFlag(command: Command): Command {
  return command.option('--concurrency <slots>', 'slots: a number, or auto', parseConcurrency);
}

export function addMetricsFlag(command: Command): Command {
  return command.option(
    '--metrics-port <[host:]port>',
    'serve /metrics, /healthz and /readyz there (no host: on all interfaces)',
    parseListenAddress,
  );
}

export type SystemFlags = SettingFlags;

function parseConcurrency(text: string): number | 'auto' {
  if (text === 'auto') return 'auto';
  if (isWhole(text) && Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of at least 1, or auto.');
}

/** Digits alone: an empty variable of a script is no 0. */
function isWhole(text: string): boolean {
  return /^\d+$/.test(text);
}

/** A comma-separated list. */
export function parseList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** What may not be empty, as a variable of a script may turn out. */
export function parseText(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Expected some text.');
}

export function parseCount(text: string): number {
  if (isWhole(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of at least 0.');
}

/** Slots of a running worker. */
export function parseSlots(text: string): number {
  return parseWithin(text, 1, MAX_SLOTS);
}

/** Replicas on one machine. */
export function parseReplicas(text: string): number {
  return parseWithin(text, 0, MAX_REPLICAS);
}

export function parseWithin(text: string, least: number, most: number): number {
  const count = Number(text);
  if (isWhole(text) && count >= least && count <= most) return count;
  throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
}

export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('Expected a number of seconds.');
}

/** How often to look again: not without a pause. */
export function parseInterval(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('Expected a number of seconds from 0.1 to 86400.');
}

/** What a process is called: it stands in logs, metrics and commands. */
export function parseName(text: string): string {
  if (/^[\w.-]{1,60}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected up to 60 letters, digits, "_", "." and "-".');
}

/** A length of time as dsw.yaml has it, or plain seconds. */
export function parseDelay(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : parseDuration(text);
  if (Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError('Expected a length of time such as 30s, 15m or 6h.');
}

/** Place within a queue. BullMQ keeps it in 21 bits. */
export function parsePriority(text: string): number {
  return parseWithin(text, 0, 2 ** 21 - 1);
}

/** "9464", "127.0.0.1:9464" or "[::1]:9464". */
function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain, digits = ''] = /^(?:\[(.+)\]:|([^:]+):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (digits === '' || port > 65_535)
    throw new InvalidArgumentError('Expected a port up to 65535, or host:port.');
  return host === undefined ? { port } : { host, port };
}
