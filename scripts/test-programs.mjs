// Programs that some tests use beside Redis. Where apt can install them without asking, it does;
// where not, those tests are skipped, and one line says so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const WANTED = [
  {
    packages: ['apertium', 'apertium-eng-spa'],
    there: () => existsSync('/usr/share/apertium/modes/eng-spa.mode'),
    tests: 'translation by a local program',
  },
  {
    packages: ['libfaketime'],
    there: () =>
      ['x86_64', 'aarch64'].some((cpu) =>
        existsSync(`/usr/lib/${cpu}-linux-gnu/faketime/libfaketime.so.1`),
      ),
    tests: 'schedulers whose clocks differ',
  },
];
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends'];
/** A mirror that does not answer must not hold up the tests. */
const PATIENCE = ['-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::Retries=1'];
const TIMEOUT_MS = 120_000;

/** Installs what is missing, as far as it can be had. Never asks, never fails. */
export function ensureTestPrograms(say) {
  const missing = WANTED.filter(({ there }) => !there());
  if (missing.length === 0) return;
  const packages = missing.flatMap((wanted) => wanted.packages);
  const apt = asRoot();
  if (apt) {
    say(`Installing ${packages.join(', ')} for the tests …`);
    if (!works([...apt, ...PATIENCE, ...INSTALL, ...packages])) {
      works([...apt, ...PATIENCE, 'update', '-qq']);
      works([...apt, ...PATIENCE, ...INSTALL, ...packages]);
    }
  }
  for (const { tests, packages: own, there } of missing)
    if (!there()) say(`Skipped, without ${own.join(' and ')}: tests of ${tests}.`);
}

/** How to call apt-get so that it may install; undefined when that can't be had without a password. */
function asRoot() {
  if (!works(['apt-get', '--version'])) return undefined;
  if (process.getuid?.() === 0) return ['apt-get'];
  return works(['sudo', '-n', 'true']) ? ['sudo', '-n', 'apt-get'] : undefined;
}

function works([command, ...args]) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { stdio: 'ignore', env, timeout: TIMEOUT_MS };
  return spawnSync(command, args, options).status === 0;
}
