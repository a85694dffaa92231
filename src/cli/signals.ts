import { within, type Service } from '../lifecycle.js';
import { say } from './output.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/** What must not outlive this process gets so long after a second signal. */
const ABANDON_MS = 500;

let exitNow: (code: number) => void = () => undefined;

/** Sets what ends the process when a second signal comes. */
export function onSecondSignal(exit: (code: number) => void): void {
  exitNow = exit;
}

/** Does what ends by itself, or is told to by a stop signal; the terminal is left as it was. */
export async function untilStopped(work: (stopped: Promise<void>) => Promise<void>): Promise<void> {
  const nothing = { start: () => Promise.resolve(), stop: () => Promise.resolve() };
  await runUntilStopped(nothing, work);
}

/**
 * Runs a service until the first stop signal, the end of the parent that started this process, or
 * the end of `work`; then lets it stop cleanly. One more signal ends the process at once.
 * @param work what to do once the service runs; it is told when to end. Default: wait for that.
 */
export async function runUntilStopped(
  service: Service,
  work: (stopped: Promise<void>) => Promise<void> = (stopped) => stopped,
): Promise<void> {
  const state = { stopping: false, abandoning: false };
  const abandon = async (code: number): Promise<void> => {
    if (state.abandoning) exitNow(code);
    state.abandoning = true;
    await within(
      Promise.resolve(service.abandon?.()).catch(() => undefined),
      ABANDON_MS,
    );
    exitNow(code);
  };
  const stopped = new Promise<void>((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (state.stopping) return void abandon(code);
        state.stopping = true;
        if (process.stderr.isTTY) say('Stopping; once more to stop at once.');
        resolve();
      });
    }
    // A supervisor that died can't send a signal any more.
    process.once('disconnect', resolve);
  });
  try {
    await Promise.race([service.start(), stopped]);
    if (!state.stopping) await work(stopped);
  } finally {
    state.stopping = true;
    await service.stop();
    if (process.connected) process.disconnect();
  }
}
