import { Box, render, Text, useApp, useInput, useStdout } from 'ink';
import { useEffect, useState } from 'react';
import type { MonitorNews } from '../monitor/monitor.js';
import type { SystemSnapshot } from '../planning/snapshot.js';
import { Dashboard } from './dashboard.js';

/** Where a screen gets its news. Returns a function that ends the subscription. */
export type Subscribe = (listener: (news: MonitorNews) => void) => () => void;

interface ScreenProps {
  title: string;
  subscribe: Subscribe;
}

function Screen({ title, subscribe }: ScreenProps) {
  const [snapshot, setSnapshot] = useState<SystemSnapshot>();
  const [error, setError] = useState<Error>();
  const { exit } = useApp();
  const { stdout } = useStdout();
  useEffect(
    () =>
      subscribe((news) => {
        if ('error' in news) setError(news.error);
        else {
          setSnapshot(news.snapshot);
          setError(undefined);
        }
      }),
    [subscribe],
  );
  useInput((input, key) => {
    if (input === 'q' || (key.ctrl && input === 'c')) exit();
  });
  const time = new Date(snapshot?.at ?? Date.now()).toTimeString().slice(0, 8);
  return (
    <Box flexDirection="column">
      <Text bold>
        {` ${title}`}
        <Text dimColor>{`   ${time}   q quit`}</Text>
      </Text>
      {error ? (
        <Text color="red">{` no answer from Redis: ${error.message}; retrying`}</Text>
      ) : null}
      {snapshot ? <Dashboard snapshot={snapshot} width={Math.min(stdout.columns, 120)} /> : null}
    </Box>
  );
}

const ALTERNATE_SCREEN = '\u001b[?1049h\u001b[H';
const MAIN_SCREEN = '\u001b[?1049l';

/** Shows the screen until the user quits, or `ended` resolves. */
export async function showScreen(
  title: string,
  subscribe: Subscribe,
  ended?: Promise<unknown>,
): Promise<void> {
  process.stdout.write(ALTERNATE_SCREEN);
  try {
    const app = render(<Screen title={title} subscribe={subscribe} />, {
      exitOnCtrlC: false,
      incrementalRendering: true,
    });
    void ended?.finally(() => app.unmount()).catch(() => undefined);
    await app.waitUntilExit();
  } finally {
    process.stdout.write(MAIN_SCREEN);
  }
}
