import { spawnSync } from 'node:child_process';
import { DswError } from '../errors.js';
import { findRedisProgram, type RedisProgram } from './redis-program.js';

interface PackageManager {
  command: string;
  /** Brings the package lists up to date, where that is a step of its own. */
  refresh?: string[];
  /** Package choices, the first that installs wins. */
  installs: string[][];
  /** Homebrew installs for the user, the others for the system. */
  needsRoot: boolean;
}

// Debian's redis-server package starts a system service; redis-tools brings the same binary without.
const PACKAGE_MANAGERS: PackageManager[] = [
  {
    command: 'apt-get',
    refresh: ['update', '-qq'],
    installs: [
      ['install', '-y', '-qq', '--no-install-recommends', 'redis-tools'],
      ['install', '-y', '-qq', '--no-install-recommends', 'valkey-tools'],
    ],
    needsRoot: true,
  },
  {
    command: 'apk',
    installs: [
      ['add', 'valkey'],
      ['add', 'redis'],
    ],
    needsRoot: true,
  },
  {
    command: 'dnf',
    installs: [
      ['install', '-y', 'valkey'],
      ['install', '-y', 'redis'],
    ],
    needsRoot: true,
  },
  { command: 'pacman', installs: [['-S', '--noconfirm', 'valkey']], needsRoot: true },
  {
    command: 'zypper',
    installs: [
      ['-n', 'install', 'valkey'],
      ['-n', 'install', 'redis'],
    ],
    needsRoot: true,
  },
  { command: 'brew', installs: [['install', 'redis']], needsRoot: false },
];

/**
 * A Redis server program, installed by the system's package manager when none is on PATH.
 * @param say told in one line what is installed, before it is.
 * @throws DswError `unavailable`: what is missing and how to get it.
 */
export function ensureRedisProgram(say: (line: string) => void): RedisProgram {
  const found = findRedisProgram();
  if (found) return found;
  const manager = PACKAGE_MANAGERS.find(({ command }) => works(command, ['--version']));
  if (!manager) throw missing('no package manager that dsw knows', 'Install Redis or Valkey');
  const prefix = elevation(manager);
  const byHand = `sudo ${manager.command} ${manager.installs[0]?.join(' ') ?? ''}`;
  if (!prefix) throw missing('this user may not install one', `Run: ${byHand}`);
  return install(manager, prefix, say, byHand);
}

function install(
  { command, refresh, installs }: PackageManager,
  prefix: string[],
  say: (line: string) => void,
  byHand: string,
): RedisProgram {
  const run = (args: string[]): boolean => {
    const [program, ...rest] = [...prefix, command, ...args];
    return program !== undefined && works(program, rest);
  };
  if (refresh) run(refresh);
  for (const args of installs) {
    say(
      `No Redis server found. Installing ${args.at(-1) ?? ''} with ${command}; no system service is started.`,
    );
    if (!run(args)) continue;
    const found = findRedisProgram();
    if (found) return found;
  }
  throw missing(`${command} could not install one`, `Run: ${byHand}`);
}

/** What to put before a command so that it runs as root; undefined when that can't be had. */
function elevation({ needsRoot }: PackageManager): string[] | undefined {
  if (!needsRoot || process.getuid?.() === 0) return [];
  if (works('sudo', ['-n', 'true'])) return ['sudo', '-n'];
  // With a terminal sudo can ask for the password.
  return process.stdin.isTTY && works('sudo', ['--version']) ? ['sudo'] : undefined;
}

function works(command: string, args: string[]): boolean {
  const interactive = command === 'sudo' && args[0] !== '-n' && args[0] !== '--version';
  const { status } = spawnSync(command, args, { stdio: interactive ? 'inherit' : 'ignore' });
  return status === 0;
}

function missing(reason: string, remedy: string): DswError {
  return new DswError('unavailable', `no redis-server or valkey-server on PATH, and ${reason}`, {
    hint: `${remedy}, or set REDIS_URL to a Redis that runs elsewhere.`,
  });
}
