import type { SettingFlags } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';

/** Acts at a desk of the system that flags name, and lets go of its connections. */
export async function atDesk<Desk extends { close(): Promise<void> }>(
  flags: SettingFlags,
  openDesk: (redisUrl: string, prefix: string) => Promise<Desk>,
  act: (desk: Desk, settings: Settings) => Promise<void>,
): Promise<void> {
  const { loadSettings, requireRedisUrl } = await import('../config/load-settings.js');
  const settings = loadSettings(flags);
  const desk = await openDesk(requireRedisUrl(settings), settings.prefix);
  try {
    await act(desk, settings);
  } finally {
    await desk.close();
  }
}
